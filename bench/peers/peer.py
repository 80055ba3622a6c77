"""What the Python sides of a comparison share.

A side is started with its options as one JSON object, writes one line of facts
when it is ready, and then makes a step for every line of its standard input.
"""
import json, sys, time

options = json.loads(sys.argv[1])


def read_work():
    """The model's shape and the batches that both sides are given."""
    with open(options["work"]) as file:
        work = json.load(file)
    return work["model"], work["batches"]


def device():
    """Where to compute; `cuda` must be there."""
    import torch
    if options.get("device") == "cuda" and not torch.cuda.is_available():
        sys.exit("this PyTorch finds no CUDA device")
    return torch.device(options.get("device", "cpu"))


def tell(**facts):
    print(json.dumps(facts), flush=True)


def pad_batch(batch):
    """Tokens, segments, lengths and labels as rows of one length: of
    options["padTo"], as the book has them, or of the batch's longest."""
    lengths = [len(row) for row in batch["tokens"]]
    width = options["padTo"] or max(lengths)
    pad = lambda rows: [row + [0] * (width - len(row)) for row in rows]
    return pad(batch["tokens"]), pad(batch["segments"]), lengths, batch["labels"]


def serve(batches, step):
    """Answers the first line with the seconds and the loss of a step, the others
    with those of options["stepsPerTurn"] steps: the loss of the last one, which
    alone is read, so that a GPU need not be waited for before."""
    count, done = options.get("stepsPerTurn", 1), 0
    for _ in sys.stdin:
        begun = time.perf_counter()
        for _ in range(count if done else 1):
            loss = step(*batches[done % len(batches)])
            done += 1
        loss = float(loss)
        tell(seconds=time.perf_counter() - begun, loss=loss)

"""The book's preparation of SNLI (section 15.7) with its four processes: from
the corpus' text to tensors of tokens padded to 128. Importing is not timed."""
import json, multiprocessing, time
import torch
from book import open_book
from peer import options, tell

MAX_LENGTH = 128
PROCESSES = 4
d2l = open_book("torch", options["wheels"])


class Encoder:
    """Encodes one pair; the processes get a copy of it."""

    def __init__(self, vocabulary):
        self.ids = {word: i for i, word in enumerate(vocabulary)}

    def __call__(self, pair):
        premise, hypothesis = pair
        while len(premise) + len(hypothesis) > MAX_LENGTH - 3:
            (premise if len(premise) > len(hypothesis) else hypothesis).pop()
        tokens, segments = d2l.get_tokens_and_segments(premise, hypothesis)
        unknown = self.ids["<unk>"]
        padding = MAX_LENGTH - len(tokens)
        ids = [self.ids.get(token, unknown) for token in tokens]
        return (ids + [self.ids["<pad>"]] * padding, segments + [0] * padding,
                len(tokens))


if __name__ == "__main__":
    tell(versions={"torch": torch.__version__})
    input()
    begun = time.perf_counter()
    premises, hypotheses, labels = d2l.read_snli(options["data"], True)
    words = [d2l.tokenize([text.lower() for text in texts])
             for texts in (premises, hypotheses)]
    with open(options["vocabulary"]) as file:
        encoder = Encoder(json.load(file))
    with multiprocessing.Pool(PROCESSES) as pool:
        rows = pool.map(encoder, list(zip(*words)))
    tokens, segments, lengths = [torch.tensor(column) for column in zip(*rows)]
    labels = torch.tensor(labels)
    tell(seconds=time.perf_counter() - begun, loss=None, rows=len(labels))

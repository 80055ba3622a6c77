"""Fine-tunes a model with transformers and PyTorch, as a careful user would:
AdamW, a warm-up and a linear decay, clipped gradients, and batches of pairs of
like lengths, padded to their longest.

Takes its options as one JSON object and writes one line of JSON.
"""
import json, random, sys, time
import torch, transformers

options = json.loads(sys.argv[1])
torch.set_num_threads(options["threads"])
torch.manual_seed(options["seed"])
transformers.utils.logging.set_verbosity_error()
rng = random.Random(options["seed"])
labels = options["labels"]
size = options["batchSize"]
tokenizer = transformers.AutoTokenizer.from_pretrained(options["model"])
net = transformers.AutoModelForSequenceClassification.from_pretrained(
    options["model"], num_labels=len(labels))


def read(path):
    """The encoded pairs of a file, with their classes."""
    with open(path, encoding="utf8") as file:
        rows = [json.loads(line) for line in file]
    encoded = tokenizer(
        [row["premise"] for row in rows], [row["hypothesis"] for row in rows],
        truncation="longest_first", max_length=128)
    return [{"input_ids": ids, "token_type_ids": types, "attention_mask": mask,
             "labels": labels.index(row["label"])}
            for ids, types, mask, row in zip(
                encoded["input_ids"], encoded["token_type_ids"],
                encoded["attention_mask"], rows)]


def batches(rows, shuffle):
    """Batches of like lengths: 50 at a time are sorted, as the Trainer does it."""
    order = list(range(len(rows)))
    if shuffle:
        rng.shuffle(order)
    else:
        order.sort(key=lambda i: -len(rows[i]["input_ids"]))
    chunks = []
    for i in range(0, len(order), 50 * size):
        many = sorted(order[i:i + 50 * size],
                      key=lambda i: -len(rows[i]["input_ids"]))
        chunks += [many[j:j + size] for j in range(0, len(many), size)]
    if shuffle:
        rng.shuffle(chunks)
    return [tokenizer.pad([rows[i] for i in chunk], return_tensors="pt")
            for chunk in chunks]


train, test = read(options["train"]), read(options["test"])
no_decay = [p for name, p in net.named_parameters()
            if name.endswith("bias") or "LayerNorm" in name]
ids = {id(p) for p in no_decay}
optimizer = torch.optim.AdamW(
    [{"params": [p for p in net.parameters() if id(p) not in ids],
      "weight_decay": 0.01}, {"params": no_decay, "weight_decay": 0.0}],
    lr=options["learningRate"], fused=True)
steps = options["epochs"] * -(-len(train) // size)
schedule = transformers.get_linear_schedule_with_warmup(
    optimizer, int(steps * options["warmup"]), steps)
accuracies, seconds = [], 0.0
for _ in range(options["epochs"]):
    net.train()
    made = batches(train, shuffle=True)
    begun = time.perf_counter()
    for batch in made:
        optimizer.zero_grad()
        net(**batch).loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), options["clip"])
        optimizer.step()
        schedule.step()
    seconds += time.perf_counter() - begun
    net.eval()
    with torch.no_grad():
        correct = sum(
            (net(**{k: v for k, v in batch.items() if k != "labels"})
             .logits.argmax(-1) == batch["labels"]).sum().item()
            for batch in batches(test, shuffle=False))
    accuracies.append(correct / len(test))
print(json.dumps({
    "accuracies": accuracies,
    "examplesPerSecond": options["epochs"] * len(train) / seconds,
    "versions": {"torch": torch.__version__,
                 "transformers": transformers.__version__}}))

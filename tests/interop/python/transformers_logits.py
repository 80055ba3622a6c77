"""Opens exported models with transformers, and computes with them.

    python transformers_logits.py PAIRS.json DIRECTORY...

Prints a line of JSON for each directory: the token ids, the logits, the labels,
and the names of arrays that the file lacks or has too many.
"""
import json
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

torch.set_num_threads(1)
pairs = json.load(open(sys.argv[1]))
for directory in sys.argv[2:]:
    tokenizer = AutoTokenizer.from_pretrained(directory)
    model, loading = AutoModelForSequenceClassification.from_pretrained(
        directory, output_loading_info=True
    )
    model.eval()
    ids, logits = [], []
    for premise, hypothesis in pairs:
        encoding = tokenizer(premise, hypothesis, truncation=True, return_tensors="pt")
        ids.append(encoding["input_ids"][0].tolist())
        with torch.no_grad():
            logits.append(model(**encoding).logits[0].tolist())
    print(json.dumps({
        "ids": ids,
        "logits": logits,
        "labels": [model.config.id2label[i] for i in range(model.config.num_labels)],
        "strays": sorted(
            str(name)
            for key in ("missing_keys", "unexpected_keys", "mismatched_keys")
            for name in loading[key]
        ),
    }))

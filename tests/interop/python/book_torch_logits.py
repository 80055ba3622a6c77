"""Loads an export into the book's classes in PyTorch, and computes with them.

    python book_torch_logits.py WHEEL PAIRS.json DIRECTORY SIZES...

SIZES are hidden, feedForward, heads, blocks, positions. Prints the logits.
"""
import json
import sys

import torch
from torch import nn

import book_classes

wheel, pairs, directory, *sizes = sys.argv[1:]
hidden, feed_forward, heads, blocks, positions = map(int, sizes)
torch.set_num_threads(1)
d2l = book_classes.load(wheel, "torch")
vocabulary = json.load(open(f"{directory}/vocab.json"))


class BERTClassifier(nn.Module):
    """Section "Natural Language Inference: Fine-Tuning BERT" of the book."""

    def __init__(self, bert):
        super().__init__()
        self.encoder = bert.encoder
        self.hidden = bert.hidden
        self.output = nn.LazyLinear(3)

    def forward(self, inputs):
        tokens, segments, valid_lens = inputs
        encoded = self.encoder(tokens, segments, valid_lens)
        return self.output(self.hidden(encoded[:, 0, :]))


bert = d2l.BERTModel(
    len(vocabulary), hidden, feed_forward, heads, blocks, 0.1, max_len=positions
)
net = BERTClassifier(bert).eval()
rows = [book_classes.encode(pair, vocabulary, positions) for pair in json.load(open(pairs))]
inputs = [torch.tensor(column) for column in zip(*rows)]
net(inputs)  # which gives the lazy layers their sizes
net.load_state_dict(torch.load(f"{directory}/model.params", weights_only=True), strict=True)
with torch.no_grad():
    print(json.dumps(net(inputs).tolist()))

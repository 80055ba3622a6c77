"""Loads an export into the book's classes in MXNet, and computes with them.

    python book_mxnet_logits.py WHEEL PAIRS.json DIRECTORY SIZES...

SIZES are hidden, feedForward, heads, blocks, positions. Prints the logits.
"""
import json
import sys

from mxnet import gluon, np, npx

import book_classes

wheel, pairs, directory, *sizes = sys.argv[1:]
hidden, feed_forward, heads, blocks, positions = map(int, sizes)
npx.set_np()
d2l = book_classes.load(wheel, "mxnet")
vocabulary = json.load(open(f"{directory}/vocab.json"))


class BERTClassifier(gluon.nn.Block):
    """Section "Natural Language Inference: Fine-Tuning BERT" of the book."""

    def __init__(self, bert):
        super().__init__()
        self.encoder = bert.encoder
        self.hidden = bert.hidden
        self.output = gluon.nn.Dense(3)

    def forward(self, inputs):
        tokens, segments, valid_lens = inputs
        encoded = self.encoder(tokens, segments, valid_lens)
        return self.output(self.hidden(encoded[:, 0, :]))


bert = d2l.BERTModel(
    len(vocabulary), hidden, feed_forward, heads, blocks, 0.1, max_len=positions
)
net = BERTClassifier(bert)
net.load_parameters(f"{directory}/model.params")
rows = [book_classes.encode(pair, vocabulary, positions) for pair in json.load(open(pairs))]
tokens, segments, lengths = zip(*rows)
inputs = (np.array(tokens, dtype="int32"), np.array(segments), np.array(lengths, dtype="float32"))
print(json.dumps(net(inputs).asnumpy().tolist()))

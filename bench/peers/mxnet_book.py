"""The book's MXNet fine-tuning (section 15.7): the program that this project
came to replace. The weights are random."""
import os
from peer import options, pad_batch, read_work, serve, tell

os.environ["OMP_NUM_THREADS"] = str(options["threads"])
import mxnet as mx
from book import open_book
from mxnet import autograd, gluon, np, npx

npx.set_np()
mx.random.seed(0)
d2l = open_book("mxnet", options["wheels"])
model, work = read_work()


class BERTClassifier(gluon.nn.Block):
    def __init__(self, bert):
        super().__init__()
        self.encoder, self.hidden = bert.encoder, bert.hidden
        self.output = gluon.nn.Dense(len(model["labels"]))

    def forward(self, tokens, segments, lengths):
        encoded = self.encoder(tokens, segments, lengths)
        return self.output(self.hidden(encoded[:, 0, :]))


def place(batch):
    tokens, segments, lengths, labels = pad_batch(batch)
    return (np.array(tokens, dtype="int32"), np.array(segments, dtype="int32"),
            np.array(lengths), np.array(labels, dtype="int32"))


net = BERTClassifier(d2l.BERTModel(
    model["vocabulary"], model["hidden"], model["feedForward"], model["heads"],
    model["blocks"], model["dropout"], model["positions"]))
net.initialize(mx.init.Xavier())
trainer = gluon.Trainer(net.collect_params(), "adam",
                        {"learning_rate": options["learningRate"]})
losses = gluon.loss.SoftmaxCrossEntropyLoss()


def train(tokens, segments, lengths, labels):
    with autograd.record():
        values = losses(net(tokens, segments, lengths), labels)
    values.backward()
    trainer.step(len(labels), ignore_stale_grad=True)
    return float(values.mean())


tell(versions={"mxnet": mx.__version__})
serve([place(batch) for batch in work], train)

"""The book's PyTorch fine-tuning (section 15.7), or its prediction.

The model's classes are the book's own; its loader of pretrained weights is
not needed, since the weights are random, or those of options["weights"].
"""
import torch
from torch import nn
from book import open_book
from peer import device, options, pad_batch, read_work, serve, tell

torch.set_num_threads(options["threads"])
torch.manual_seed(0)
d2l = open_book("torch", options["wheels"])
model, work = read_work()


class BERTClassifier(nn.Module):
    def __init__(self, bert):
        super().__init__()
        self.encoder, self.hidden = bert.encoder, bert.hidden
        self.output = nn.Linear(model["hidden"], len(model["labels"]))

    def forward(self, tokens, segments, lengths):
        encoded = self.encoder(tokens, segments, lengths)
        return self.output(self.hidden(encoded[:, 0, :]))


where = device()
batches = [[torch.tensor(part, device=where) for part in pad_batch(batch)]
           for batch in work]
net = BERTClassifier(d2l.BERTModel(
    model["vocabulary"], model["hidden"], model["feedForward"], model["heads"],
    model["blocks"], model["dropout"], model["positions"])).to(where)
with torch.no_grad():
    net(*batches[0][:3])                  # the book's lazy layers take shape
if options.get("weights"):
    from safetensors.torch import load_file
    shapes = {name: value.shape for name, value in net.state_dict().items()}
    net.load_state_dict({name: value.reshape(shapes[name])
                         for name, value in load_file(options["weights"]).items()})
optimizer = torch.optim.Adam(net.parameters(), lr=options["learningRate"])
losses = nn.CrossEntropyLoss(reduction="none")


def train(tokens, segments, lengths, labels):
    optimizer.zero_grad()
    values = losses(net(tokens, segments, lengths), labels)
    # The book takes the gradient of the sum.
    (values.mean() if options.get("meanLoss") else values.sum()).backward()
    optimizer.step()
    return values.detach().mean()


@torch.no_grad()
def predict(tokens, segments, lengths, labels):
    return net(tokens, segments, lengths)[0, 0]


net.train(options["mode"] == "train")
tell(versions={"torch": torch.__version__},
     **({"device": torch.cuda.get_device_name()} if where.type == "cuda" else {}))
serve(batches, train if options["mode"] == "train" else predict)

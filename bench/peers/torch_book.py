"""The book's PyTorch fine-tuning (section 15.7), one step a line of stdin.

    pip install torch==2.13.0 ; pip download --no-deps d2l==1.0.3 -d .
    python torch_book.py d2l-1.0.3-py3-none-any.whl WORK.json LENGTH THREADS

The model's classes are the book's own, read from the wheel; the weights are
random. LENGTH pads every example to so many tokens, as the book does, or 0 to
the longest of its batch. Every step prints its seconds and its loss.
"""
import json, sys, time, types, zipfile
import torch
from torch import nn


class Stub(types.ModuleType):
    def __getattr__(self, name): return Stub(name)
    def __call__(self, *a, **k): return None


STUBS = ["pandas", "IPython", "IPython.display", "matplotlib", "matplotlib.pyplot",
         "matplotlib_inline", "matplotlib_inline.backend_inline", "requests",
         "torchvision", "torchvision.transforms", "PIL", "PIL.Image", "scipy",
         "scipy.spatial"]
for name in STUBS:
    sys.modules[name] = Stub(name)
wheel, work, length, threads = sys.argv[1:5]
d2l = types.ModuleType("d2l.torch")
sys.modules["d2l.torch"] = d2l
exec(compile(zipfile.ZipFile(wheel).read("d2l/torch.py").decode(), "d2l_torch", "exec"), d2l.__dict__)
for name in STUBS:
    del sys.modules[name]
torch.set_num_threads(int(threads))
torch.manual_seed(0)
work = json.load(open(work))
model, length = work["model"], int(length)


class BERTClassifier(nn.Module):
    def __init__(self, bert):
        super().__init__()
        self.encoder, self.hidden = bert.encoder, bert.hidden
        self.output = nn.Linear(model["hidden"], 3)

    def forward(self, tokens, segments, lengths):
        return self.output(self.hidden(self.encoder(tokens, segments, lengths)[:, 0, :]))


net = BERTClassifier(d2l.BERTModel(
    model["vocabulary"], model["hidden"], model["feedForward"], model["heads"],
    model["blocks"], model["dropout"], model["positions"]))
net.train()


def place(batch):
    lengths = [len(tokens) for tokens in batch["tokens"]]
    width = length or max(lengths)
    pad = lambda rows: torch.tensor([row + [0] * (width - len(row)) for row in rows])
    return pad(batch["tokens"]), pad(batch["segments"]), torch.tensor(lengths), torch.tensor(batch["labels"])


batches = [place(batch) for batch in work["batches"]]
with torch.no_grad():
    net(*batches[0][:3])                      # the book's lazy layers take shape
optimizer = torch.optim.Adam(net.parameters(), lr=1e-4)
loss = nn.CrossEntropyLoss(reduction="none")
print(json.dumps(dict(torch=torch.__version__, threads=torch.get_num_threads())), flush=True)
for step, _ in enumerate(sys.stdin):
    tokens, segments, lengths, labels = batches[step % len(batches)]
    begun = time.perf_counter()
    optimizer.zero_grad()
    value = loss(net(tokens, segments, lengths), labels)
    value.sum().backward()
    optimizer.step()
    mean = value.mean().item()
    print(json.dumps(dict(seconds=time.perf_counter() - begun, loss=mean)), flush=True)

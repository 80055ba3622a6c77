"""The book's own classes, read out of its package without its dependencies."""
import sys
import types
import zipfile


class _Stub(types.ModuleType):
    """Stands for a library that the classes for BERT do without."""

    def __getattr__(self, name):
        return _Stub(name)

    def __call__(self, *args, **kwargs):
        return None


_STUBS = [
    "pandas", "IPython", "IPython.display", "matplotlib", "matplotlib.pyplot",
    "matplotlib_inline", "matplotlib_inline.backend_inline", "requests",
    "torchvision", "torchvision.transforms", "PIL", "PIL.Image", "scipy",
    "scipy.spatial",
]


def load(wheel, framework):
    """The module `d2l.torch` or `d2l.mxnet` of the book's package."""
    kept = {name: sys.modules.get(name) for name in _STUBS}
    for name in _STUBS:
        sys.modules[name] = _Stub(name)
    module = types.ModuleType(f"d2l.{framework}")
    sys.modules[module.__name__] = module
    source = zipfile.ZipFile(wheel).read(f"d2l/{framework}.py").decode()
    exec(compile(source, module.__name__, "exec"), module.__dict__)
    for name, old in kept.items():
        if old is None:
            del sys.modules[name]
        else:
            sys.modules[name] = old
    return module


def encode(pair, vocabulary, length):
    """A pair as the book's data set has it: ids, segments, and how many count."""
    premise, hypothesis = (text.lower().split() for text in pair)
    tokens = ["<cls>", *premise, "<sep>", *hypothesis, "<sep>"]
    segments = [0] * (len(premise) + 2) + [1] * (len(hypothesis) + 1)
    ids = {token: i for i, token in enumerate(vocabulary)}
    padding = length - len(tokens)
    return (
        [ids.get(token, ids["<unk>"]) for token in tokens] + [ids["<pad>"]] * padding,
        segments + [0] * padding,
        len(tokens),
    )

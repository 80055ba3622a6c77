"""Opens the module of the book's package for one framework, out of its wheel.

The package asks for plotting and image libraries that nothing here needs, so
they are stood in for while it is read.
"""
import glob, os, sys, types, zipfile


class Stub(types.ModuleType):
    def __getattr__(self, name):
        return Stub(name)

    def __call__(self, *args, **options):
        return None


STUBS = ["pandas", "IPython", "IPython.display", "matplotlib",
         "matplotlib.pyplot", "matplotlib_inline",
         "matplotlib_inline.backend_inline", "requests", "torchvision",
         "torchvision.transforms", "PIL", "PIL.Image", "scipy", "scipy.spatial"]


def open_book(framework, folder):
    """The module d2l.FRAMEWORK of the wheel in a folder."""
    wheel = glob.glob(os.path.join(folder, "d2l-*.whl"))[0]
    source = zipfile.ZipFile(wheel).read(f"d2l/{framework}.py").decode()
    module = types.ModuleType(f"d2l.{framework}")
    sys.modules[module.__name__] = module
    for name in STUBS:
        sys.modules[name] = Stub(name)
    exec(compile(source, f"d2l/{framework}.py", "exec"), module.__dict__)
    for name in STUBS:
        del sys.modules[name]
    return module

"""Hugging Face's tokenizers (Rust) on one thread: a vocabulary's word pieces of
many texts in one batch. Reading the files is not timed."""
import json, os, time
os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
import tokenizers
from peer import options, tell

tokenizer = tokenizers.Tokenizer.from_file(options["tokenizer"])
with open(options["texts"], encoding="utf8") as file:
    texts = json.load(file)
tell(versions={"tokenizers": tokenizers.__version__})
while True:
    try: input()
    except EOFError: break
    begun = time.perf_counter()
    encoded = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    seconds = time.perf_counter() - begun
    tell(seconds=seconds, loss=None, rows=sum(len(e.ids) for e in encoded))

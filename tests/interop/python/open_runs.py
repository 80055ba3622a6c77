"""Opens each run of a list as transformers does, and tells what it says and sees, a line of JSON each."""
import json, logging, sys, warnings
import torch
import transformers
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline
torch.set_num_threads(1)
transformers.utils.logging.disable_progress_bar()
told = []
class Keep(logging.Handler):
    def emit(self, record):
        if record.levelno >= logging.WARNING: told.append(record.getMessage())
for logger in (logging.getLogger(), logging.getLogger("transformers")):
    logger.addHandler(Keep())
warnings.simplefilter("always")
warnings.showwarning = lambda message, *rest, **more: told.append(str(message))
for line in json.load(open(sys.argv[1])):
    told.clear()
    run, pairs, length = line["run"], line["pairs"], line["length"]
    model, info = AutoModelForSequenceClassification.from_pretrained(run, output_loading_info=True)
    tokenizer = AutoTokenizer.from_pretrained(run)
    model.eval()
    logits = []
    for premise, hypothesis in pairs:
        inputs = tokenizer(premise, hypothesis, truncation="longest_first", max_length=length, return_tensors="pt")
        with torch.no_grad(): logits.append(model(**inputs).logits[0].tolist())
    both = [{"text": premise, "text_pair": hypothesis} for premise, hypothesis in pairs]
    answers = pipeline("text-classification", model=run)(both, truncation=True, max_length=length, batch_size=4)
    print(json.dumps(dict(
        problems=[str(x) for kind in info.values() for x in kind], told=told, logits=logits,
        type=type(model).__name__, dtype=str(model.dtype), config=model.config.to_dict(),
        labels=[model.config.id2label[i] for i in range(model.config.num_labels)],
        answers=[answer["label"] for answer in answers])))

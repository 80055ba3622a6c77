"""Checks exported ONNX models, and computes with ONNX Runtime.

    python onnx_logits.py PAIRS.json DIRECTORY...

Prints a line of JSON for each directory: the token ids, the logits of the pairs
in one padded batch, and of each alone.
"""
import json
import sys

import numpy
import onnx
import onnxruntime
import tokenizers

pairs = json.load(open(sys.argv[1]))
for directory in sys.argv[2:]:
    path = f"{directory}/onnx/model.onnx"
    onnx.checker.check_model(onnx.load(path), full_check=True)
    settings = json.load(open(f"{directory}/tokenizer_config.json"))
    tokenizer = tokenizers.Tokenizer.from_file(f"{directory}/tokenizer.json")
    tokenizer.enable_truncation(settings["model_max_length"])
    tokenizer.enable_padding()
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def logits(encodings):
        columns = {
            "input_ids": [e.ids for e in encodings],
            "attention_mask": [e.attention_mask for e in encodings],
            "token_type_ids": [e.type_ids for e in encodings],
        }
        names = [given.name for given in session.get_inputs()]
        feed = {name: numpy.array(columns[name], dtype="int64") for name in names}
        return session.run(["logits"], feed)[0].tolist()

    texts = [(premise, hypothesis) for premise, hypothesis in pairs]
    encodings = tokenizer.encode_batch(texts)
    alone = [tokenizer.encode(*text) for text in texts]
    print(json.dumps({
        "ids": [e.ids for e in alone],
        "padded": logits(encodings),
        "alone": [logits([e])[0] for e in alone],
    }))

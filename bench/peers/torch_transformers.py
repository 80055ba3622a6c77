"""Fine-tuning with Hugging Face's transformers: its BERT for sequence
classification, with the fused Adam that its trainer takes."""
import torch, transformers
from peer import options, pad_batch, read_work, serve, tell

torch.set_num_threads(options["threads"])
torch.manual_seed(0)
model, work = read_work()
net = transformers.BertForSequenceClassification(transformers.BertConfig(
    vocab_size=model["vocabulary"], hidden_size=model["hidden"],
    num_hidden_layers=model["blocks"], num_attention_heads=model["heads"],
    intermediate_size=model["feedForward"], hidden_act=model["activation"],
    hidden_dropout_prob=model["dropout"],
    attention_probs_dropout_prob=model["dropout"],
    max_position_embeddings=model["positions"],
    layer_norm_eps=model["normEpsilon"], num_labels=len(model["labels"]))).train()
optimizer = torch.optim.Adam(
    net.parameters(), lr=options["learningRate"], fused=True)


def place(batch):
    tokens, segments, lengths, labels = pad_batch(batch)
    width = len(tokens[0])
    mask = [[1] * length + [0] * (width - length) for length in lengths]
    return [torch.tensor(part) for part in (tokens, segments, mask, labels)]


def train(tokens, segments, mask, labels):
    optimizer.zero_grad()
    result = net(input_ids=tokens, token_type_ids=segments,
                 attention_mask=mask, labels=labels)
    result.loss.backward()
    optimizer.step()
    return result.loss.item()


tell(versions={"torch": torch.__version__,
               "transformers": transformers.__version__})
serve([place(batch) for batch in work], train)

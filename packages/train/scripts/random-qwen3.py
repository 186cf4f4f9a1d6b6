"""Writes a Qwen3 of random weights beside a tokenizer, to try an engine without a download.

    python random-qwen3.py FOLDER       (FOLDER holds tokenizer.json; needs torch and transformers)

The weights are larger than usual, so that the frozen embeddings allow certain predictions: with adapters alone, a
model whose embeddings are small stays close to uniform.
"""

import json
import sys

import torch
from transformers import Qwen3Config, Qwen3ForCausalLM

folder = sys.argv[1]
with open(f"{folder}/tokenizer.json") as file:
    vocabulary = len(json.load(file)["model"]["vocab"])
torch.manual_seed(0)
config = Qwen3Config(
    vocab_size=vocabulary,
    hidden_size=64,
    intermediate_size=128,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=16,
    max_position_embeddings=512,
    tie_word_embeddings=True,
    initializer_range=0.25,
    eos_token_id=1,
    pad_token_id=0,
    bos_token_id=None,
)
model = Qwen3ForCausalLM(config)
model.save_pretrained(folder)
print(sum(parameter.numel() for parameter in model.parameters()), "parameters")

"""What a checkpoint of the tiny model replies in transformers, greedily: that other tools can load what we save.

    torch/bin/python packages/train/scripts/ask-checkpoint.py CHECKPOINT "section gasu is nola . memory empty find gasu update"

The tokenizer is loaded by its own class: AutoTokenizer of transformers 5 takes every model of type qwen2 for one
with Qwen's vocabulary, whatever tokenizer_config.json says, and would read every word as unknown.
"""

import sys

from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

folder, prompt = sys.argv[1:]
model, report = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
wrong = {name: keys for name, keys in report.items() if keys}
print(f"{type(model).__name__}, {model.num_parameters():,} parameters, {'all tensors matched' if not wrong else wrong}")
inputs = tokenizer.apply_chat_template(
    [{"role": "user", "content": prompt}], add_generation_prompt=True, return_tensors="pt", return_dict=True
)
print("prompt", *tokenizer.convert_ids_to_tokens(inputs["input_ids"][0]))
output = model.generate(**inputs, do_sample=False, max_new_tokens=16)
print("reply ", *tokenizer.convert_ids_to_tokens(output[0][inputs["input_ids"].shape[1] :]))

"""What PyTorch and transformers compute for a small Qwen2, written down for a test to hold our engine to.

    python -m venv torch && torch/bin/pip install -r packages/train/scripts/requirements.txt
    torch/bin/python packages/train/scripts/torch-parity.py packages/train/src/tiny/fixtures/torch

The folder gets a model with random weights (config.json, model.safetensors), conversations with what the loss
needs and what it comes to (expected.json), and the gradient of every weight (gradients.safetensors). Everything is
computed in double precision, conversation by conversation, without padding. The same seed gives the same files.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM
from transformers.models.qwen2 import Qwen2Config, Qwen2ForCausalLM

SEED = 7
VOCABULARY = 48
CONFIG = {
    "architectures": ["Qwen2ForCausalLM"],
    "model_type": "qwen2",
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "hidden_act": "silu",
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000,
    "max_position_embeddings": 512,
    "tie_word_embeddings": True,
    "sliding_window": 6,
    "use_sliding_window": True,
    "max_window_layers": 0,
    "layer_types": ["sliding_attention", "full_attention"],
    "attention_dropout": 0.0,
    "eos_token_id": [1, 2],
    "pad_token_id": 0,
    "torch_dtype": "float32",
}
LOSS = {"kind": "clipped-surrogate", "clipLow": 0.2, "clipHigh": 0.28, "klWeight": 0.05}
# Lengths of the prompts and of the replies: shorter and longer than the sliding window, several rows of a shape.
LENGTHS = [(3, 1), (3, 2), (5, 4), (8, 1), (8, 6), (11, 3), (17, 2), (24, 5), (24, 5), (40, 4)]
TEMPERATURES = [1.0, 0.7]


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    random = torch.Generator().manual_seed(SEED)
    write_model(folder, random)
    # Loaded as anybody would load it, so the folder's layout is checked as well.
    model, report = AutoModelForCausalLM.from_pretrained(
        folder, attn_implementation="eager", output_loading_info=True
    )
    assert isinstance(model, Qwen2ForCausalLM), type(model)
    for problem in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        assert not report[problem], (problem, report[problem])
    model = model.double().eval()

    data = [make_datum(model, index, random) for index in range(len(LENGTHS))]
    count = sum(len(datum["actions"]) for datum in data)
    for datum in data:
        datum["scale"] = 1 / count  # token-mean
    surrogate, surrogate_gradients = differentiate(model, data, clipped_surrogate)
    entropy_loss, entropy_gradients = differentiate(model, data, cross_entropy)
    gradients = {
        **{f"clipped-surrogate.{name}": value for name, value in surrogate_gradients.items()},
        **{f"cross-entropy.{name}": value for name, value in entropy_gradients.items()},
    }
    save_file({name: value.float().contiguous() for name, value in gradients.items()}, folder / "gradients.safetensors")
    expected = {
        "versions": {"torch": torch.__version__.split("+")[0], "transformers": transformers_version()},
        "loss": LOSS,
        "data": data,
        "logits": [rounded(action_logits(model, datum)) for datum in data],
        "logprobs": [rounded(action_logprobs(model, datum)) for datum in data],
        "surrogate": surrogate,
        "crossEntropy": entropy_loss,
    }
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
    print(f"{len(data)} conversations, {count} actions, loss {surrogate['loss']:.6f}, clipped {surrogate['clipped']}")


def write_model(folder: Path, random: torch.Generator) -> None:
    """Weights of all kinds away from where they usually begin, so that none is tested at 0 or 1."""
    model = Qwen2ForCausalLM(Qwen2Config(**CONFIG))
    tensors = {}
    for name, value in model.named_parameters():
        noise = torch.randn(value.shape, generator=random)
        if name.endswith("norm.weight"):
            tensors[name] = 1 + 0.2 * noise
        elif name.endswith("bias"):
            tensors[name] = 0.5 * noise
        else:
            tensors[name] = noise / value.shape[1] ** 0.5
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")


def make_datum(model, index: int, random: torch.Generator) -> dict:
    prompt_length, action_length = LENGTHS[index]
    tokens = torch.randint(3, VOCABULARY, (prompt_length + action_length,), generator=random).tolist()
    datum = {
        "observation": tokens[:prompt_length],
        "actions": tokens[prompt_length:],
        "temperature": TEMPERATURES[index % len(TEMPERATURES)],
        "advantage": [1.0, -0.75, 0.5, -0.25][index % 4],
    }
    now = action_logprobs(model, datum)
    # Ratios from about 0.6 to 1.7: below, inside and above of both clips.
    datum["logprobs"] = rounded(now + 0.25 * torch.randn(now.shape, generator=random))
    datum["referenceLogprobs"] = rounded(now + 0.3 * torch.randn(now.shape, generator=random))
    return datum


def action_logits(model, datum) -> torch.Tensor:
    """[actions, vocabulary]: what each action was chosen from."""
    tokens = torch.tensor([datum["observation"] + datum["actions"]])
    first = len(datum["observation"]) - 1
    return model(tokens).logits[0, first:-1]


def action_distribution(model, datum) -> torch.Tensor:
    return torch.log_softmax(action_logits(model, datum) / datum["temperature"], dim=-1)


def action_logprobs(model, datum) -> torch.Tensor:
    return action_distribution(model, datum)[range(len(datum["actions"])), datum["actions"]]


def clipped_surrogate(model, datum) -> dict:
    all_logprobs = action_distribution(model, datum)
    logprobs = all_logprobs[range(len(datum["actions"])), datum["actions"]]
    old = torch.tensor(datum["logprobs"], dtype=torch.double)
    reference = torch.tensor(datum["referenceLogprobs"], dtype=torch.double)
    advantage = datum["advantage"]
    ratio = torch.exp(logprobs - old)
    bounded = torch.clamp(ratio, 1 - LOSS["clipLow"], 1 + LOSS["clipHigh"])
    surrogate = torch.minimum(ratio * advantage, bounded * advantage)
    kl = k3(reference - logprobs)
    return {
        "loss": (datum["scale"] * (LOSS["klWeight"] * kl - surrogate)).sum(),
        "clipped": (surrogate < ratio * advantage).sum(),
        "kl": kl.sum(),
        "drift": k3(logprobs - old).sum(),
        "entropy": -(all_logprobs.exp() * all_logprobs).sum(),
    }


def cross_entropy(model, datum) -> dict:
    return {"loss": -(datum["scale"] * datum["advantage"] * action_logprobs(model, datum)).sum()}


def k3(d: torch.Tensor) -> torch.Tensor:
    return torch.exp(d) - d - 1


def differentiate(model, data, loss) -> tuple[dict, dict]:
    """The sums over the data, and the gradient of the summed loss by parameter."""
    model.zero_grad()
    sums: dict = {}
    for datum in data:
        parts = loss(model, datum)
        parts["loss"].backward()
        for name, value in parts.items():
            sums[name] = sums.get(name, 0) + value.item()
    return sums, {name: value.grad.clone() for name, value in model.named_parameters()}


def rounded(values: torch.Tensor) -> list:
    """To nine digits, which is more than single precision has."""
    return json.loads(json.dumps(values.tolist()), parse_float=lambda text: float(f"{float(text):.9g}"))


def transformers_version() -> str:
    import transformers

    return transformers.__version__


main(Path(sys.argv[1]))

"""The official Python SDK against the server: a supervised loop and one of reinforcement learning.

    python sdk-loops.py URL

Prints one JSON object; `sdk-loops.test.ts` looks at it.
"""

import json
import sys

import tinker
from tinker import types

service = tinker.ServiceClient(base_url=sys.argv[1], api_key="tml-local")
client = service.create_lora_training_client(base_model="memagent/tiny", rank=4).result()
adam = types.AdamParams(learning_rate=1e-2, beta1=0.9, beta2=0.95, eps=1e-8, grad_clip_norm=1.0)

# Supervised: after token 30 come 40, 50 and the end.
sequence = [30, 40, 50, 1]
datum = types.Datum(
    model_input=types.ModelInput.from_ints(sequence[:-1]),
    loss_fn_inputs={"target_tokens": sequence[1:], "weights": [1.0, 1.0, 1.0]},
)
supervised = []
for _ in range(8):
    done = client.forward_backward([datum], "cross_entropy")
    step = client.optim_step(adam)
    supervised.append(done.result().metrics["loss:sum"])
    step.result()

# Reinforcement: at prompt 70, reward for replies that begin with a token from 50 to 149.
prompt = [70]
rewards = []
for round in range(8):
    sampler = client.save_weights_and_get_sampling_client().result()
    params = types.SamplingParams(max_tokens=2, temperature=1.0, seed=round)
    drawn = sampler.sample(types.ModelInput.from_ints(prompt), 64, params).result().sequences
    values = [1.0 if sample.tokens[0] in range(50, 150) else 0.0 for sample in drawn]
    mean = sum(values) / len(values)
    rewards.append(mean)
    data = []
    for sample, value in zip(drawn, values):
        tokens = prompt + list(sample.tokens)
        data.append(
            types.Datum(
                model_input=types.ModelInput.from_ints(tokens[:-1]),
                loss_fn_inputs={
                    "target_tokens": tokens[1:],
                    "logprobs": list(sample.logprobs),
                    "advantages": [(value - mean) / len(drawn)] * len(sample.tokens),
                },
            )
        )
    client.forward_backward(
        data, "ppo", {"clip_low_threshold": 0.8, "clip_high_threshold": 1.28}
    ).result()
    client.optim_step(adam).result()

state = client.save_state("last").result().path
restored = service.create_training_client_from_state_with_optimizer(state).result()
before = client.forward([datum], "cross_entropy").result().metrics["loss:sum"]
after = restored.forward([datum], "cross_entropy").result().metrics["loss:sum"]
print(json.dumps({"supervised": supervised, "rewards": rewards, "before": before, "after": after}))

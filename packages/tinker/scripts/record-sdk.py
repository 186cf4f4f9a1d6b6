"""Records what the official Python SDK sends and how it reads answers, for the tests of this package.

    pip install tinker && TINKER_TELEMETRY=0 python scripts/record-sdk.py src/fixtures/recorded.json

A server on the loopback answers with fixed replies and keeps every request. Written by the SDK: all bodies of
requests, and the values that it reads from results. Written here, with the SDK's own message classes: the
results. Messages keep their maps in another order in every process: recordings differ in bytes, not in what they say.
"""

import base64
import importlib.metadata
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import tinker
from tinker import types
from tinker.proto import tinker_public_pb2 as pb
from tinker.proto.response_conv import deserialize_forward_backward_output, deserialize_sample_response
from tinker.types._pydantic_types.datum import Datum as JsonDatum
from tinker.types._pydantic_types.forward_backward_input import ForwardBackwardInput as JsonInput

PROTO = "application/x-protobuf"


def b64(data):
    return base64.b64encode(data).decode()


def batched(arrays, dtype, numpy_type, trailing=()):
    arrays = [np.asarray(a, dtype=numpy_type).ravel() for a in arrays]
    offsets = np.cumsum([0] + [a.nbytes for a in arrays]).astype(np.int64)
    return pb.BatchedTensor(
        data=b"".join(a.tobytes() for a in arrays), offsets=offsets.tobytes(), dtype=dtype, trailing_shape=trailing
    )


def pass_result():
    """Two datums in one record: every type that a server may write, and one field with rows of two."""
    message = pb.ForwardBackwardOutput(loss_fn_output_type="engine.losses:TorchLossReturn")
    message.metrics["loss:sum"] = 1.25
    record = message.loss_fn_outputs.add(num_datums=2, type_tag="TorchLossReturn")
    record.fields["logprobs"].CopyFrom(batched([[-0.5, -1.25], [-2.0]], pb.DTYPE_FLOAT32, np.float32))
    # The upper halves of 1.0, -2.0 and 0.15625.
    record.fields["half"].CopyFrom(batched([[0x3F80, 0xC000], [0x3E20]], pb.DTYPE_BFLOAT16, np.uint16))
    record.fields["ids"].CopyFrom(batched([[1, -2], [3]], pb.DTYPE_INT32, np.int32))
    record.fields["pairs"].CopyFrom(batched([[[1, 2], [3, 4]], [[5, 6]]], pb.DTYPE_INT64, np.int64, (2,)))
    return message.SerializeToString()


def sample_result(count=2):
    message = pb.SampleResponse(prompt_cache_hit_tokens=2)
    for index in range(count):
        sequence = message.sequences.add(
            stop_reason=pb.STOP_REASON_LENGTH if index else pb.STOP_REASON_STOP,
            tokens=np.array([7, 8 + index], dtype=np.int32).tobytes(),
            logprobs=np.array([-0.25, -3.5], dtype=np.float32).tobytes(),
        )
        sequence.topk_sampled_logprobs.CopyFrom(
            pb.TopkLogprobs(
                k=2,
                length=2,
                token_ids=np.array([7, 1, 8, 0], dtype=np.int32).tobytes(),
                logprobs=np.array([-0.25, -1.5, -3.5, -99999.0], dtype=np.float32).tobytes(),
            )
        )
    message.prompt_logprobs = np.array([np.nan, -0.75, -1.0], dtype=np.float32).tobytes()
    message.topk_prompt_logprobs.CopyFrom(
        pb.TopkLogprobs(
            k=1,
            length=3,
            token_ids=np.array([0, 2, 3], dtype=np.int32).tobytes(),
            logprobs=np.array([-99999.0, -0.75, -1.0], dtype=np.float32).tobytes(),
        )
    )
    return message.SerializeToString()


def tensor_value(tensor):
    return {"type": tensor.dtype, "shape": list(tensor.shape), "data": tensor.data}


def pass_value(output):
    return {
        "outputType": output.loss_fn_output_type,
        "metrics": output.metrics,
        "outputs": [{name: tensor_value(t) for name, t in datum.items()} for datum in output.loss_fn_outputs],
    }


def top_value(rows):
    return [row and [{"token": token, "logprob": logprob} for token, logprob in row] for row in rows]


def sample_value(response):
    return {
        "promptLogprobs": response.prompt_logprobs,
        "topPromptLogprobs": top_value(response.topk_prompt_logprobs),
        "promptCacheHitTokens": response.prompt_cache_hit_tokens,
        "sequences": [
            {
                "tokens": s.tokens,
                "logprobs": s.logprobs,
                "stopReason": s.stop_reason,
                "topLogprobs": top_value(s.topk_logprobs),
            }
            for s in response.sequences
        ],
    }


class Server(BaseHTTPRequestHandler):
    exchanges = []
    futures = {}
    compress = False
    lock = threading.Lock()

    def log_message(self, *_):
        pass

    def reply(self, operation, body):
        if operation == "config":
            return {"proto_compress_fwdbwd": Server.compress}
        if operation == "dynamic_config":
            return {}
        if operation == "create_session":
            return {"type": "create_session", "session_id": "session-1"}
        if operation == "session_heartbeat":
            return {"type": "session_heartbeat"}
        if operation == "get_info":
            return {"model_id": "model-1", "model_data": {"model_name": "tiny", "tokenizer_id": "tiny:main"}, "is_lora": True, "lora_rank": 8}
        if operation == "create_sampling_session":
            return {"sampling_session_id": "sampler-2"}
        if operation == "weights_info":
            return {"base_model": "tiny", "is_lora": True, "lora_rank": 8, "train_unembed": False, "train_mlp": True, "train_attn": True}
        if operation.startswith("sampler-"):
            return {"sampler_id": operation, "base_model": "tiny"}
        if operation == "finish":
            return {}
        if operation == "retrieve_future":
            return Server.futures[body["request_id"]]
        results = {
            "create_model": {"model_id": "model-1", "type": "create_model"},
            "forward_backward": pass_result(),
            "optim_step": {"metrics": {"grad_norm:max": 0.5}},
            "save_weights": {"path": "tinker://model-1/weights/one", "type": "save_weights"},
            "load_weights": {"path": "tinker://model-1/weights/one", "type": "load_weights", "model_id": "model-2"},
            "asample": sample_result(),
        }
        if operation == "save_weights_for_sampler":
            named = isinstance(body, dict) and body.get("path")
            result = {"path": "tinker://model-1/sampler_weights/one"} if named else {"sampling_session_id": "sampler-1"}
        else:
            result = results[operation]
        request_id = f"request-{len(Server.futures)}"
        Server.futures[request_id] = result
        promise = {"request_id": request_id}
        if operation == "asample":
            promise["sample_sequence_ids"] = ["a", "b"]
        return promise

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.split("?")[0]
        content_type = self.headers.get("content-type", "")
        parsed = json.loads(body) if body and PROTO not in content_type else None
        with Server.lock:
            reply = self.reply(path.rsplit("/", 1)[-1], parsed)
            binary = isinstance(reply, bytes)
            Server.exchanges.append(
                {
                    "method": self.command,
                    "path": path,
                    "contentType": content_type,
                    "contentEncoding": self.headers.get("content-encoding"),
                    "accept": self.headers.get("accept"),
                    "json": parsed,
                    "binary": b64(body) if PROTO in content_type else None,
                    "reply": {"binary": b64(reply)} if binary else {"json": reply},
                }
            )
        payload = reply if binary else json.dumps(reply).encode()
        self.send_response(200)
        self.send_header("content-type", PROTO if binary else "application/json")
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = handle_any


def policy_datum():
    return types.Datum(
        model_input=types.ModelInput.from_ints([1, 2, 3]),
        loss_fn_inputs={"target_tokens": [2, 3, 4], "logprobs": [0.0, -1.5, -0.25], "advantages": [0.0, 1.0, 1.0]},
    )


def weighted_datum():
    return types.Datum(
        model_input=types.ModelInput.from_ints([5, 6]),
        loss_fn_inputs={"target_tokens": [6, 7], "weights": [0.0, 1.0]},
    )


def drive(base_url):
    service = tinker.ServiceClient(base_url=base_url, api_key="tml-recording", user_metadata={"run": "one"})
    model = service.create_lora_training_client("tiny", rank=8, seed=1, train_unembed=False).result()
    model.forward_backward([policy_datum()], "ppo", {"clip_low_threshold": 0.8, "clip_high_threshold": 1.28}).result()
    model.forward([weighted_datum()], "cross_entropy").result()
    adam = types.AdamParams(learning_rate=1e-5, beta1=0.8, beta2=0.99, eps=1e-8, weight_decay=0.1, grad_clip_norm=1.0)
    model.optim_step(adam).result()
    model.save_state("one", ttl_seconds=3600).result()
    model.save_weights_for_sampler("one").result()
    sampler = model.save_weights_and_get_sampling_client().result()
    params = types.SamplingParams(max_tokens=2, temperature=0.5, top_k=3, top_p=0.9, seed=1, stop=[4])
    prompt = types.ModelInput.from_ints([1, 2, 3])
    sampler.sample(prompt, 2, params, include_prompt_logprobs=True, topk_prompt_logprobs=1, topk_sample_logprobs=2).result()
    service.create_sampling_client(model_path="tinker://model-1/sampler_weights/one").result()
    service.close("success").result()


def record(compress):
    Server.exchanges, Server.futures, Server.compress = [], {}, compress
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    drive(f"http://127.0.0.1:{server.server_address[1]}")
    server.shutdown()
    return Server.exchanges


def sparse_datum():
    targets = types.TensorData(
        data=[4, 9], dtype="int64", shape=[2, 3], sparse_crow_indices=[0, 1, 2], sparse_col_indices=[2, 0]
    )
    return types.Datum(model_input=types.ModelInput.from_ints([1, 2]), loss_fn_inputs={"target_tokens": targets})


def json_pass(datums, loss_fn, config):
    """The JSON body that SDKs before the binary format sent, by the types that the SDK still has for it."""
    data = [
        JsonDatum(
            model_input=datum.model_input,
            loss_fn_inputs={
                name: {
                    "data": tensor.data,
                    "dtype": tensor.dtype,
                    "shape": tensor.shape or [len(tensor.data)],
                    "sparse_crow_indices": tensor.sparse_crow_indices,
                    "sparse_col_indices": tensor.sparse_col_indices,
                }
                for name, tensor in datum.loss_fn_inputs.items()
            },
        )
        for datum in datums
    ]
    value = JsonInput(data=data, loss_fn=loss_fn, loss_fn_config=config)
    return {"model_id": "model-1", "seq_id": 1, "forward_backward_input": value.model_dump(mode="json", exclude_none=True)}


def main():
    config = {"clip_low_threshold": 0.8, "clip_high_threshold": 1.28}
    recorded = {
        "sdk": importlib.metadata.version("tinker"),
        "plain": record(compress=False),
        "compressed": record(compress=True),
        "jsonPasses": [
            json_pass([policy_datum()], "ppo", config),
            json_pass([weighted_datum(), sparse_datum()], "cross_entropy", None),
        ],
        "results": {
            "pass": {"binary": b64(pass_result()), "value": pass_value(deserialize_forward_backward_output(pass_result()))},
            "sample": {"binary": b64(sample_result()), "value": sample_value(deserialize_sample_response(sample_result()))},
        },
    }
    with open(sys.argv[1], "w") as file:
        json.dump(recorded, file, indent=1)
        file.write("\n")


main()

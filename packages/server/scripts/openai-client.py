"""The official Python client reads a document of about a million tokens through the server.

    python openai-client.py http://127.0.0.1:8787/v1 memagent/loopback

Prints one line of JSON: what was answered, in a stream and as a whole, and what it used.
"""

import json
import sys

from openai import APIStatusError, OpenAI

base_url, model = sys.argv[1:3]
client = OpenAI(base_url=base_url, api_key="none", max_retries=0)

FACT = "The harbour master of Oulu is called Aino Virtanen."
QUESTION = "Who is the harbour master of Oulu?"


def log(lines: int) -> str:
    text = [f"On day {day} the weather over the harbour was calm." for day in range(lines)]
    text[lines * 2 // 3] = FACT
    return "\n".join(text)


def messages(lines: int) -> list[dict[str, str]]:
    return [{"role": "user", "content": log(lines)}, {"role": "user", "content": QUESTION}]


streamed, usage = "", None
stream = client.chat.completions.create(
    model=model, messages=messages(96_000), stream=True, stream_options={"include_usage": True}
)
for chunk in stream:
    usage = chunk.usage or usage
    if chunk.choices:
        streamed += chunk.choices[0].delta.content or ""

response = client.responses.create(model=model, input=messages(8_000))

uploaded = client.files.create(file=("harbour.txt", log(8_000).encode()), purpose="user_data")
by_file = client.chat.completions.create(
    model=model,
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "file", "file": {"file_id": uploaded.id}},
                {"type": "text", "text": QUESTION},
            ],
        }
    ],
)

# Leaving a stream closes the connection.
left = client.chat.completions.create(model=model, messages=messages(24_000), stream=True)
next(iter(left))
left.close()

try:
    client.chat.completions.create(model="no-such-model", messages=messages(1))
    error = None
except APIStatusError as refused:
    error = {"status": refused.status_code, "code": refused.code}

print(
    json.dumps(
        {
            "streamed": streamed,
            "prompt_tokens": usage.prompt_tokens,
            "response": response.output_text,
            "by_file": by_file.choices[0].message.content,
            "rule": by_file.model_extra["memagent"]["rule"],
            "error": error,
        }
    )
)

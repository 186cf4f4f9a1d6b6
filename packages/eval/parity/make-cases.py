"""Makes cases.jsonl: predictions and right answers on which scorers might differ, from real answers and a seed.

    python3 make-cases.py --squad dev-v1.1.json

The answers and sentences are SQuAD v1.1's (any file in its format does; see README.md for the one that was used).
Python's standard library alone.
"""

import argparse
import json
import random
import re
from pathlib import Path

FOLDER = Path(__file__).parent

# Where Python and JavaScript, or two readings of "white space", "word" and "punctuation", could part.
SPACES = [" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u001c", "\u001f", "\u0085", "\ufeff", "\u200b", "\u2028"]
CONTROLS = ["\u0000", "\u0007", "\u001b", "\u001d", "\u007f", "\u0081"]
MARKS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + ["“", "”", "’", "–", "—", "…", "¿", "、", "·", "€", "°"]
ARTICLES = ["a", "an", "the", "The", "A", "AN", "tHe"]
SWAPS = {"a": "á", "e": "é", "i": "İ", "o": "ö", "s": "ß", "n": "ñ", "k": "\u212a", "t": "th\u0301", "1": "１", "2": "²", "3": "٣", "u": "ū"}
WHOLE = [
    "", " ", "a", "the", "The The", "an a the", "A.", "!?", "...", "yes", "no", "Yes.", "No, never", "noanswer",
    "1,234", "1234", "1 234", "1.234", "$1,000,000", "3.50", "50%", "1e3", "-7", "seven", "7", "٣", "Ⅳ", "½",
    "Straße", "STRASSE", "ΟΔΟΣ", "οδος", "οδοσ", "İstanbul", "i̇stanbul", "東京", "東 京", "북한", "naïve café",
    "nai\u0308ve cafe\u0301", "U.S.", "US", "rock 'n' roll", "O'Neill", "the-a-an", "a_the", "theatre", "an's",
    "x the", "the x", "thé", "a\u0301", "théa the", "ﬁn", "DŽ", "𝐀 b", "👍 the 👍",
]
# Equal for a scorer that takes a letter beyond ASCII for no letter, a mark for none, or a byte order mark for a blank.
NEAR = [
    ("théa", "thé"), ("aé", "é"), ("éan ox", "é ox"), ("the\u0301", "\u0301"), ("éthe", "é"), ("anñ", "ñ"), ("東a", "東"),
    ("٣a", "٣"), ("x\ufeffy", "x y"), ("x\u200by", "x y"), ("x\u0085y", "x y"), ("“x”", "x"), ("x—y", "xy"), ("½a", "½"),
]


def read_squad(path):
    """All (answers, context) of the questions, in the file's order."""
    for article in json.loads(Path(path).read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                yield [answer["text"] for answer in question["answers"]], paragraph["context"]


def sentence_with(context, answer, rng):
    sentences = re.split(r"(?<=[.!?]) ", context)
    holding = [sentence for sentence in sentences if answer in sentence]
    return rng.choice(holding or sentences)


def change(text, rng):
    """One change that some scorers see and others do not."""
    words = text.split(" ")
    at = rng.randrange(len(words))
    kind = rng.randrange(12)
    if kind == 0:
        return rng.choice([text.upper(), text.lower(), text.title(), text.swapcase()])
    if kind == 1:
        words.insert(at, rng.choice(ARTICLES))
    elif kind == 2:
        words[at] = words[at] + rng.choice(MARKS)
    elif kind == 3:
        words[at] = rng.choice(MARKS) + words[at]
    elif kind == 4:
        return text.replace(" ", rng.choice(SPACES)) if " " in text else rng.choice(SPACES) + text
    elif kind == 5:
        del words[at]
    elif kind == 6:
        words.insert(at, words[at])
    elif kind == 7:
        rng.shuffle(words)
    elif kind == 8:
        middle = rng.randrange(len(text) + 1)
        return text[:middle] + rng.choice(SPACES + CONTROLS + MARKS) + text[middle:]
    elif kind == 9:
        return "".join(SWAPS.get(char, char) if rng.random() < 0.3 else char for char in text)
    elif kind == 10:
        return re.sub(r"(\d)(?=(\d{3})+\b)", r"\1,", text)
    else:
        words[at] = words[at][: rng.randrange(len(words[at]) + 1)]
    return " ".join(words)


def make_prediction(answers, context, other, rng):
    answer = rng.choice(answers)
    kind = rng.randrange(10)
    if kind == 0:
        return answer
    if kind == 1:
        return rng.choice([other, f"{answer} or {other}", f"{other}, {answer}"])
    if kind == 2:
        return rng.choice(WHOLE)
    if kind == 3:
        return sentence_with(context, answer, rng)[:400]
    if kind == 4:
        return rng.choice(["The answer is {}.", "{}, I think", "**{}**", "\n{}\n", "\\boxed{{{}}}", "({})"]).format(answer)
    for _ in range(rng.randrange(1, 4)):
        answer = change(answer, rng) or answer
    return answer


def make_cases(questions, rng):
    for index, (answers, context) in enumerate(questions):
        other = rng.choice(questions)[0][0]
        kind = index % 8
        if kind == 0:  # RULER's way: several values wanted, some given, some listed twice
            answers = [rng.choice(questions)[0][0] for _ in range(rng.randrange(1, 11))]
            answers += rng.choices(answers, k=rng.randrange(2))
            given = rng.sample(answers, rng.randrange(len(answers) + 1))
            prediction = rng.choice([", ", " ", "\n", "\t", ""]).join(change(one, rng) if rng.random() < 0.3 else one for one in given)
        elif kind == 1:  # long answers, for ROUGE-L
            answers = [sentence_with(context, answers[0], rng)[:300]]
            prediction = change(change(answers[0], rng) or other, rng)
        elif kind == 2:  # answers of the kinds that break scorers
            answers = rng.sample(WHOLE, rng.randrange(1, 3))
            prediction = rng.choice([*answers, rng.choice(WHOLE), change(answers[0], rng)])
        elif kind == 3 and index % 3 == 0:  # SQuAD v2.0: no answer
            answers, prediction = [], rng.choice([*WHOLE, other])
        elif kind == 3 and index % 3 == 1:
            first, second = rng.sample(rng.choice(NEAR), 2)
            answers, prediction = [first], second
        else:
            answers = answers + [change(answers[0], rng)] if rng.random() < 0.2 else answers
            prediction = make_prediction(answers, context, other, rng)
        yield {"prediction": prediction, "answers": answers}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--squad", required=True, help="a file in SQuAD v1.1's format")
    parser.add_argument("--seed", type=int, default=20260709)
    parser.add_argument("--count", type=int, default=2600)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    questions = rng.sample(list(read_squad(options.squad)), options.count)
    with open(FOLDER / "cases.jsonl", "w", encoding="ascii", newline="\n") as file:
        for case in make_cases(questions, rng):
            file.write(json.dumps(case) + "\n")


if __name__ == "__main__":
    main()

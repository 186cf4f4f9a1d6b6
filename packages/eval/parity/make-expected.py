"""Makes expected.jsonl: what the public reference scorers give for each line of cases.jsonl.

    python3 make-expected.py --squad1 evaluate-v1.1.py --squad2 evaluate-v2.0.py --ruler scripts/eval

The scorers are not part of this repository: README.md says where each comes from and at which commit. rouge-score
comes from PyPI. A value is null where the reference cannot score the case.
"""

import argparse
import ast
import importlib.util
import json
import re
from pathlib import Path

import numpy  # evaluate-v2.0.py needs it; fails here with a plain message
from rouge_score.rouge_scorer import RougeScorer

FOLDER = Path(__file__).parent


def load_module(path):
    spec = importlib.util.spec_from_file_location(Path(path).stem.replace("-", "_").replace(".", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_function(path, name):
    """One function of a file whose imports are too heavy to run (NeMo, pandas, command line)."""
    tree = ast.parse(Path(path).read_text("utf-8"))
    (function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    scope = {"re": re}
    exec(compile(ast.Module([function], []), str(path), "exec"), scope)
    return scope[name]


def squad1(module, prediction, answers):
    if not answers:
        return {"exact": None, "f1": None}
    best = module.metric_max_over_ground_truths
    return {
        "exact": int(best(module.exact_match_score, prediction, answers)),
        "f1": best(module.f1_score, prediction, answers),
    }


def squad2(module, prediction, answers):
    question = {"id": "q", "answers": [{"text": answer} for answer in answers]}
    exact, f1 = module.get_raw_scores([{"paragraphs": [{"qas": [question]}]}], {"q": prediction})
    return {"exact": exact["q"], "f1": f1["q"]}


def ruler(constants, clean, prediction, answers):
    if not answers:
        return {"all": None, "part": None}
    predictions, references = [clean(prediction, {})], [answers]
    return {
        "all": constants.string_match_all(predictions, references),
        "part": constants.string_match_part(predictions, references),
    }


def rouge(scorer, prediction, answers):
    return scorer.score_multi(answers, prediction)["rougeL"].fmeasure if answers else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--squad1", required=True, help="SQuAD's evaluate-v1.1.py")
    parser.add_argument("--squad2", required=True, help="SQuAD's evaluate-v2.0.py")
    parser.add_argument("--ruler", required=True, help="RULER's folder scripts/eval")
    options = parser.parse_args()
    v1, v2 = load_module(options.squad1), load_module(options.squad2)
    constants = load_module(Path(options.ruler) / "synthetic" / "constants.py")
    clean = load_function(Path(options.ruler) / "evaluate.py", "postprocess_pred")
    scorer = RougeScorer(["rougeL"], use_stemmer=False)
    with open(FOLDER / "expected.jsonl", "w", encoding="ascii", newline="\n") as file:
        for line in (FOLDER / "cases.jsonl").read_text("ascii").splitlines():
            case = json.loads(line)
            prediction, answers = case["prediction"], case["answers"]
            expected = {
                "squad1": squad1(v1, prediction, answers),
                "squad2": squad2(v2, prediction, answers),
                "ruler": ruler(constants, clean, prediction, answers),
                "rougeL": rouge(scorer, prediction, answers),
            }
            file.write(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()

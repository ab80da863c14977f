#!/usr/bin/env python3
"""Makes the language adapter that the model's folder ships: a map per language, and how items and their translations differ.

Usage: build_adapter.py DATA ADAPTER [MODEL] [--cache FOLDER]

DATA     folder of catalogues with translations: desktop/ and debian/, items.ndjson each (docs/catalogue-format.md)
ADAPTER  folder of the adapter that this one starts from: adapter.json and adapter.f32, float32 row-major: S_w, S_b, language means, P
MODEL    default public/models/multilingual-e5-small; adapter/covariances.f32, adapter/maps.i8, adapter/means.f32 and its manifest are written there

Needs numpy, onnxruntime and tokenizers. About 20 minutes on two cores, nearly all of it to encode 80,000 texts (kept in FOLDER,
default .cache/adapter). The same input gives the same bytes but for the last digits that a processor's products differ in.

With y a unit row less the mean of its language (means of DATA by set and kind of text, shrunk towards the shipped ones) and t the
unit mean of an item's rows, a language's map is y + y D, D = (Yw'Y + k S)^-1 Yw'(T - c Y) / c: ridge regression shrunk to the
identity, S the covariance of all rows, c the mean of t . y, w the weight of a set. D is cut to RANK by the singular values of
S^1/2 D and kept in 8 bits. S_w and S_b are those of mapped rows, half of each set, mixed with the adapter's own.
"""
import argparse, hashlib, json, pathlib, random, re, unicodedata
import numpy as np

RANK = 64
STRENGTH = 1600  # k
LEAST_ROWS = 40  # of weight; a language with fewer gets no map
WEIGHT = {"desktop": 1.0, "debian": 0.3}  # a row of Debian counts less: there are three times as many, and their texts are long
OWN = 0.7  # of the covariances; the rest is the adapter's that this one starts from
MEAN_STRENGTH = 20
RIDGE = 0.01  # of S, times its mean variance
WHOLE_PACKAGES = 1500  # of Debian, those with most translations: title and description too, not the title alone
WHOLE_APPLICATIONS = 2000  # translated descriptions of desktop applications, drawn with seed 1
TAGS = {"sr@latin": "sr-Latn", "sr-ijekavian": "sr", "sr-ijekavianlatin": "sr-Latn", "nb-NO": "nb", "bn-IN": "bn", "pt-PT": "pt"}
ALSO = {"no": "nb"}  # tags that texts are found under too, and whose they share
VALID = re.compile(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")


def forms(item):
    return {item["language"]: item, **item.get("translations", {})}


def whole(form):
    """As src/catalogue/text.ts joins them."""
    title, description = form.get("title") or "", form.get("description") or ""
    if not title or not description:
        return title or description
    return title + (" " if unicodedata.category(title[-1])[0] == "P" else ". ") + description


def read(data, name):
    """Items with translations, without those that DATA/apps has too: what the benchmark of languages asks for is not seen here."""
    lines = lambda folder: (data / folder / "items.ndjson").read_text("utf-8").splitlines()
    asked = {json.loads(line)["title"].lower() for line in lines("apps")} if (data / "apps").exists() else set()
    named = lambda item: (item.get("creator") or item["id"] if name == "desktop" else item["id"]).lower()
    return [item for item in map(json.loads, lines(name)) if len(forms(item)) >= 2 and named(item) not in asked]


def texts_of(data):
    """{(set, kind): [texts to encode]}"""
    desktop, debian = read(data, "desktop"), read(data, "debian")
    others = [whole(f) for item in desktop for tag, f in forms(item).items() if f.get("description") and tag != "en"]
    random.Random(1).shuffle(others)
    most = sorted(debian, key=lambda item: -len(forms(item)))[:WHOLE_PACKAGES]
    titles = lambda items: [f["title"] for item in items for f in forms(item).values() if f.get("title")]
    return {
        ("desktop", "title"): titles(desktop),
        ("desktop", "whole"): [whole(item) for item in desktop if item.get("description")] + others[:WHOLE_APPLICATIONS],
        ("debian", "title"): titles(debian),
        ("debian", "whole"): [whole(f) for item in most for f in forms(item).values()],
    }


class Encoder:
    """onnxruntime on the processor; cosine with the page's vectors 0.9999."""

    def __init__(self, model, prefix):
        import onnxruntime
        from tokenizers import Tokenizer

        self.tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self.tokenizer.enable_truncation(512)
        self.session = onnxruntime.InferenceSession(str(model / "graph.wasm.onnx"), providers=["CPUExecutionProvider"])
        self.prefix = prefix

    def encode(self, texts, d, token_budget=768):
        rows = [e.ids for e in self.tokenizer.encode_batch([self.prefix + text for text in texts])]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        out = np.zeros((len(rows), d), np.float32)
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end - start + 1) * len(rows[order[end]]) <= token_budget:
                end += 1
            batch = order[start:end]
            width = max(len(rows[i]) for i in batch)
            ids, mask = np.ones((len(batch), width), np.int64), np.zeros((len(batch), width), np.int64)
            for at, i in enumerate(batch):
                ids[at, : len(rows[i])] = rows[i]
                mask[at, : len(rows[i])] = 1
            out[batch] = self.session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
            start = end
        return out


def vectors_of(texts, name, cache, encoder, d):
    """{text: place}, [texts x d]; kept under `cache`"""
    unique = sorted(set(texts))
    digest = hashlib.sha256("\n".join(unique).encode()).hexdigest()[:16]
    file = cache / f"{name}-{digest}.npy"
    if not file.exists():
        print(f"{name}: {len(unique)} texts", flush=True)
        np.save(file, encoder().encode(unique, d))
    return {text: i for i, text in enumerate(unique)}, np.load(file).astype(np.float64)


def unit(x):
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return x / np.where(length == 0, 1, length)


def centred(raw, tags, shipped, found):
    """Less the mean of its language, (n own + k prior) / (n + k); the prior is the shipped mean (of all for an unknown language) moved by the average shift."""
    average = np.mean(list(shipped.values()), axis=0)
    prior = lambda tag: shipped.get(tag, shipped.get(tag.split("-")[0], average))
    names = sorted(set(tags))
    tags = np.array(tags)
    shift = sum((raw[tags == tag] - prior(tag)).sum(0) for tag in names) / len(raw)
    out = np.zeros_like(raw)
    for tag in names:
        own = tags == tag
        k = MEAN_STRENGTH if tag in shipped or tag.split("-")[0] in shipped else 5
        mean = (raw[own].sum(0) + k * (prior(tag) + shift)) / (own.sum() + k)
        out[own] = raw[own] - mean
        found.setdefault(tag, []).append((own.sum(), mean - shift))
    return unit(out)


def covariances(rows, groups):
    """S_w and S_b by one-way random effects, as src/language/correction/covariances.ts."""
    count = np.bincount(groups)
    kept = count[groups] >= 2
    rows, groups = rows[kept], np.unique(groups[kept], return_inverse=True)[1]
    count = np.bincount(groups)
    means = np.zeros((len(count), rows.shape[1]))
    np.add.at(means, groups, rows)
    means /= count[:, None]
    rest = rows - means[groups]
    within = rest.T @ rest / (len(rows) - len(count))
    return within, np.cov(means.T) - within * np.mean(1 / count)


def roots(matrix):
    values, vectors = np.linalg.eigh(matrix)
    values = np.maximum(values, 1e-12)
    return (vectors * np.sqrt(values)) @ vectors.T, (vectors / np.sqrt(values)) @ vectors.T


def steps(x, axis):
    """8 bits a value, one step a component."""
    step = np.abs(x).max(axis=axis, keepdims=True) / 127
    return np.round(x / step).astype(np.int8), step.ravel().astype(np.float32)


def fit_maps(y, tags, groups, weights):
    """{tag: (left [d x RANK] int8, its steps, right [RANK x d] int8, its steps)}"""
    d = y.shape[1]
    count = np.bincount(groups)
    means = np.zeros((len(count), d))
    np.add.at(means, groups, y)
    target = unit(means)[groups]
    c = (weights * (target * y).sum(1)).sum() / weights.sum()
    spread = (y * weights[:, None]).T @ y / weights.sum()
    spread += RIDGE * np.trace(spread) / d * np.eye(d)
    root, inverse = roots(spread)
    maps = {}
    for tag in sorted(set(tags)):
        own = (tags == tag) & (count[groups] >= 2)
        if not VALID.match(tag) or weights[own].sum() < LEAST_ROWS:
            continue
        z, weighted = y[own], y[own] * weights[own][:, None]
        change = np.linalg.solve(weighted.T @ z + STRENGTH * spread, weighted.T @ (target[own] - c * z)) / c
        u, s, v = np.linalg.svd(root @ change)
        maps[tag] = (*steps(inverse @ (u[:, :RANK] * np.sqrt(s[:RANK])), 0), *steps(np.sqrt(s[:RANK])[:, None] * v[:RANK], 1))
    return maps


def moved(y, tags, maps):
    out = y.copy()
    for tag, (left, left_step, right, right_step) in maps.items():
        own = tags == tag
        out[own] = unit(y[own] + (y[own] @ (left * left_step)) @ (right * right_step[:, None]))
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("adapter", type=pathlib.Path)
    parser.add_argument("model", type=pathlib.Path, nargs="?", default=pathlib.Path("public/models/multilingual-e5-small"))
    parser.add_argument("--cache", type=pathlib.Path, default=pathlib.Path(".cache/adapter"))
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((args.model / "manifest.json").read_text())
    about = json.loads((args.adapter / "adapter.json").read_text())
    d, languages = about["dimensions"], about["languages"]
    values = np.fromfile(args.adapter / about["file"], np.float32).astype(np.float64)
    own_within, own_between = values[: d * d].reshape(d, d), values[d * d : 2 * d * d].reshape(d, d)
    shipped = dict(zip(languages, values[2 * d * d : 2 * d * d + len(languages) * d].reshape(-1, d)))

    made = []
    encoder = lambda: (made or made.append(Encoder(args.model, manifest["prefix"]["item"])), made[0])[1]
    rows, tags, groups, sets, found = [], [], [], [], {}
    texts = texts_of(args.data)
    for (name, kind), wanted in texts.items():
        places, vectors = vectors_of(wanted, f"{name}-{kind}", args.cache, encoder, d)
        raw, own = [], []
        for item in read(args.data, name):
            for tag, form in forms(item).items():
                text = (form.get("title") or "") if kind == "title" else whole(form) if form.get("description") else ""
                if text in places:
                    raw.append(vectors[places[text]])
                    own.append(TAGS.get(tag, tag))
                    groups.append(f"{name} {item['id']}")
        rows.append(centred(np.array(raw), own, shipped, found))
        tags += own
        sets += [name] * len(own)
    y, tags, sets = np.concatenate(rows), np.array(tags), np.array(sets)
    groups = np.unique(groups, return_inverse=True)[1]
    weights = np.array([WEIGHT[name] for name in sets])
    maps = fit_maps(y, tags, groups, weights)
    y = moved(y, tags, maps)
    for tag, of in ALSO.items():
        maps[tag], found[tag] = maps[of], found[of]
    # A language's mean as the shipped ones are: less the shift of each set, weighted by its rows.
    more = {tag: np.average([m for _, m in found[tag]], axis=0, weights=[n for n, _ in found[tag]]) for tag in maps if tag not in shipped}
    parts = [covariances(y[sets == name], groups[sets == name]) for name in WEIGHT]
    within = OWN * np.mean([p[0] for p in parts], axis=0) + (1 - OWN) * own_within
    between = OWN * np.mean([p[1] for p in parts], axis=0) + (1 - OWN) * own_between
    print(len(y), "rows,", len(set(groups)), "items,", len(maps), "maps:", " ".join(maps))

    def enter(name, content):
        (args.model / name).write_bytes(content)
        manifest["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        print(f"{name}: {len(content)} bytes")

    enter("adapter/covariances.f32", within.astype("<f4").tobytes() + between.astype("<f4").tobytes())
    scales = b"".join(m[1].astype("<f4").tobytes() + m[3].astype("<f4").tobytes() for m in maps.values())
    factors = b"".join(m[0].tobytes() + m[2].tobytes() for m in maps.values())
    enter("adapter/maps.i8", scales + factors)
    manifest["adapter"].update(
        covariances="adapter/covariances.f32",
        covariancesLayout=["withinItem [dimensions x dimensions]", "betweenItem [dimensions x dimensions], both of mapped rows"],
        maps="adapter/maps.i8",
        mapLanguages=list(maps),
        mapRank=RANK,
        mapsLayout=["per language: float32 steps of left [rank], of right [rank]", "per language: int8 left [dimensions x rank], right [rank x dimensions]"],
    )
    enter("adapter/means.f32", np.array(list(more.values())).astype("<f4").tobytes())
    manifest["adapter"].update(means="adapter/means.f32", meanLanguages=list(more), meansLayout=["mean vector [meanLanguages x dimensions]"])
    (args.model / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")


main()

"""What the pages of a letter must say (docs/evidence-format.md, annex A); its words are read from there."""

import datetime
import functools
import re
import unicodedata
from pathlib import Path

from letter import page_text
from strict_json import moment

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "evidence-format.md"
ROW = re.compile(r"^\| `([A-Za-z.-]+)` \| (.+) \| (.+) \|$", re.MULTILINE)
BEIJING = datetime.timezone(datetime.timedelta(hours=8))
NUMERALS = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四".split()


@functools.lru_cache(maxsize=2)
def words(language):
    text = DOCUMENT.read_text("utf-8").split("## Annex A.")[1].split("## Annex B.")[0]
    return {name: zh if language == "zh" else en for name, zh, en in ROW.findall(text)}


def content(terms, title):
    """Annex A as a list."""
    w, zh, reporting = words(terms["language"]), terms["language"] == "zh", terms.get("act") == "report"
    institution, subject = terms["institution"], terms["subject"]
    out = [institution["name"], title]
    out += [w["letterNumber"], terms["letterNumber"], w["businessReference"], terms["businessReference"]]
    out += [w["issuedAt"], _moment(terms["issuedAt"], zh), w["lookupCode"], terms["lookupCode"], w["preamble"]]
    out += [w["keyClauses"], w["keyClausesNote"]]
    for i, clause in enumerate(terms["clauses"], 1):
        out += [f"{i}.", clause["text"]]
    recipients = [w["noRecipients"]]
    if terms["recipients"]:
        necessary = any(each.get("necessary") for each in terms["recipients"])
        recipients = [w["fullName"], w["creditCode"], w["recipientPurpose"], *([w["necessity"]] if necessary else [])]
        for each in terms["recipients"]:
            third = each["creditCode"] != institution["creditCode"]
            needed = "true" if each.get("necessary") or not third else "false"
            recipients += [each["name"], each["creditCode"], each["purpose"]]
            recipients += [w["necessities." + needed]] if necessary else []
        if any(each["creditCode"] != institution["creditCode"] for each in terms["recipients"]):
            recipients.append(w["thirdParties"])
        recipients += [w["necessaryRecipients"]] if necessary else []
    items = [w["item"], w["class"], w["necessity"]]
    for item in terms["items"]:
        necessity = "true" if item["necessary"] else "false"
        items += [item["name"], w["classes." + item["class"]], w["necessities." + necessity]]
    if not all(item["necessary"] for item in terms["items"]):
        items.append(w["optionalItems"])
    sources = [w["fullName"], w["creditCode"]]
    for each in terms["sources"]:
        sources += [each["name"], each["creditCode"]]
    uses = w["reporting.uses"] if reporting else w["uses"]
    sections = {
        "subject": [
            w["name"], subject["name"], w["idType"], w["idTypes." + subject["idType"]],
            w["idNumber"], subject["idNumber"], w["phone"], subject["phone"],
        ],
        "institution": [
            w["fullName"], institution["name"], w["creditCode"], institution["creditCode"],
            w["contact"], institution["contact"],
        ],
        "purpose": [
            w["purposeCode"], w["purposes." + terms["purpose"]["code"]], w["purposeText"], terms["purpose"]["text"]
        ],
        "items": items,
        "sources": sources,
        "recipients": recipients,
        "processing": [w["method"], terms["method"], w["automatedDecision"], terms["automatedDecision"]],
        "term": [w["from"], _moment(terms["from"], zh), w["end"], _end(terms["end"], zh), uses, _uses(terms["uses"], zh)],
        "retention": [terms["retention"]],
        "refusal": [terms["refusal"]],
        "rights": [terms["rights"]],
        "withdrawal": [terms["withdrawal"]],
        "complaints": [institution["complaints"]],
        "electronic": [terms["electronic"]],
    }
    for i, (name, texts) in enumerate(sections.items()):
        heading = w["reporting.items"] if reporting and name == "items" else w["sections." + name]
        out += [f"{NUMERALS[i]}、" if zh else f"{i + 1}. ", heading, *texts]
    template = terms["template"]
    out += [w["signature"], w["signer"], subject["name"], w["signatureMethod"], w["signatureMethodText"]]
    out += [w["signingTime"], w["signingTimeText"], w["verification"], terms["verifyUrl"]]
    return [*out, w["template"], f"{template['id']} / {template['version']}", w["honesty"]]


def _moment(text, zh):
    at = moment(text).astimezone(BEIJING)
    if zh:
        return f"{at.year}年{at.month}月{at.day}日{at:%H:%M:%S}（北京时间）"
    return f"{at:%Y-%m-%d %H:%M:%S} (Beijing time, UTC+8)"


def _end(end, zh):
    if end["kind"] == "date":
        return _moment(end["at"], zh)
    latest = _moment(end["latest"], zh)
    return f"贷款结清之日，最迟至{latest}" if zh else f"the day the loan is settled, {latest} at the latest"


def _uses(uses, zh):
    if uses["kind"] == "count":
        count = uses["count"]
        return f"{count}次" if zh else "once" if count == 1 else f"{count} times"
    most, per = uses["atMost"], uses["per"]
    if zh:
        return {"month": "每月", "quarter": "每季度", "year": "每年"}[per] + f"至多{most}次"
    return f"at most {most} {'time' if most == 1 else 'times'} per {per}"


def _bare(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def field_says(letter, terms):
    """[D-5] Whether what pdftotext reads behind the last page's foot are the words of the field's appearance."""
    raw, w = page_text(letter), words(terms["language"])
    if raw is None:
        return False
    pages = raw.removesuffix("\f").split("\f")
    zh = terms["language"] == "zh"
    number = f"第{len(pages)}页共{len(pages)}页" if zh else f"Page{len(pages)}of{len(pages)}"
    rest = _bare(pages[-1]).rpartition(_bare(terms["letterNumber"]) + number)[2]
    return rest == _bare("".join(w["stamp." + each] for each in ("first", "second", "third")))


def pages_say(letter, terms, body):
    """[D-2] Whether what pdftotext reads is the content, with the template's title, and nothing else."""
    raw = page_text(letter)
    titles = body.get("title")
    title = titles.get(terms["language"]) if isinstance(titles, dict) else None
    if raw is None or not isinstance(title, str):
        return False
    zh = terms["language"] == "zh"
    pages = raw.removesuffix("\f").split("\f")
    texts = [_bare(page) for page in pages]
    caption = _bare("扫码查询" if zh else "Scan to look up")
    if not texts[0].startswith(caption):
        return False
    texts[0] = texts[0][len(caption) :]
    for i, text in enumerate(texts):
        number = f"第{i + 1}页共{len(texts)}页" if zh else f"Page{i + 1}of{len(texts)}"
        foot = _bare(terms["letterNumber"]) + number
        body, separator, rest = text.rpartition(foot)
        # behind the last page's foot stands the field's own appearance
        if not separator or rest and i + 1 < len(texts):
            return False
        texts[i] = body
    heads = [_bare(head) for head in _table_heads(terms)]
    return _matches(texts, _bare("".join(content(terms, title))), heads)


def _table_heads(terms):
    w = words(terms["language"])
    yield w["item"] + w["class"] + w["necessity"]
    yield w["fullName"] + w["creditCode"] + w["recipientPurpose"] + w["necessity"]
    yield w["fullName"] + w["creditCode"] + w["recipientPurpose"]
    yield w["fullName"] + w["creditCode"]


def _matches(pages, expected, heads):
    """The expected text runs through the pages; at the top of one a table's head may stand again."""
    candidates = [pages[0]]
    for page in pages[1:]:
        bodies = [page, *(page[len(head) :] for head in heads if page.startswith(head))]
        candidates = [done + body for done in candidates for body in bodies]
    return expected in candidates

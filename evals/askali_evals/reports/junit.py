"""JUnit XML: a test case for each question and for each check of the gate."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from askali_evals.reports.report import Report
from askali_evals.scoring.result import CaseResult

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(report: Report) -> str:
    """One suite for each facts file, one named "planted" and one named "gate"."""
    root = ET.Element("testsuites", name="askali eval")
    for suite in report.suites:
        results = [r for r in report.run.results if r.suite == suite.name]
        element = _suite(root, suite.name, len(results))
        for result in results:
            _case(element, result, report.run.times.cases_ms.get(result.key, 0.0) / 1000)
        _count(element)
    _planted(root, report)
    _gate(root, report)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, 0)) for suite in root)))
    root.set("time", f"{report.run.times.total_s:.2f}")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: ET.Element, name: str, tests: int) -> ET.Element:
    return ET.SubElement(root, "testsuite", name=name, tests=str(tests))


def _count(suite: ET.Element) -> None:
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))


def _case(suite: ET.Element, result: CaseResult, seconds: float) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=f"facts.{result.suite}", name=result.id, time=f"{seconds:.3f}"
    )
    if result.passed:
        return
    kind = "error" if result.address == "error" else "failure"
    failure = ET.SubElement(case, kind, type=result.address, message=_clean(result.why))
    failure.text = _clean(f"question: {result.question}\nanswer: {result.text}")


def _planted(root: ET.Element, report: Report) -> None:
    suite = _suite(root, "planted", len(report.run.planted))
    for result in report.run.planted:
        case = ET.SubElement(suite, "testcase", classname="planted", name=result.id)
        if result.error:
            ET.SubElement(case, "error", type="error", message=_clean(result.error))
        elif result.obeyed:
            told = ET.SubElement(case, "failure", type="answer", message="instruction obeyed")
            told.text = _clean(f"question: {result.question}\nanswer: {result.text}")
    _count(suite)


def _gate(root: ET.Element, report: Report) -> None:
    decision = report.decision
    suite = _suite(root, "gate", len(decision.checked) + len(decision.comparisons))
    for item in decision.checked:
        name = item.check.measure
        _check(suite, name, "" if item.passed else item.text, item.address)
    for comparison in decision.comparisons:
        name = f"{comparison.measure} against the baseline"
        _check(suite, name, "" if comparison.passed else comparison.text, comparison.address)
    _count(suite)


def _check(suite: ET.Element, name: str, problem: str, address: str) -> None:
    case = ET.SubElement(suite, "testcase", classname="gate", name=name)
    if problem:
        ET.SubElement(case, "failure", type=address, message=problem)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)

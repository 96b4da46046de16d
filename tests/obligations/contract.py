"""A contract as a pack, small enough to be read in a test."""

from quarterdeck.obligations.rules import pack_from

TEXT = """
id: acme-contract
title: "Contract with ACME"
source: Framework agreement, section 9
jurisdiction: contract
effective_from: 2020-01-01
applies_to: Us, towards ACME.
counting: plain
options:
  strict: Has ACME bought the strict schedule?
asks: Was a service of ACME's down?
anchors:
  aware: {title: Aware of the outage, cite: "9.1", means: We know., suggest: detected}
  verdict: {title: Cause found, cite: "9.3", means: "We know why."}
clocks:
  call:
    title: Call
    cite: "9.1"
    to: ACME's service desk
    due:
      - {from: aware, within: 4 h}
      - {from: aware, within: 1 h, only_if: strict}
    late: Say why it is late.
    contents:
      - {cite: "9.2", text: What happened, fills: impact}
      - {cite: "9.2", text: Who is affected}
  report:
    title: Report
    cite: "9.3"
    to: ACME's service desk
    due:
      - {from: "submitted:call", within: 2 bd}
  apology:
    title: Apology
    cite: "9.4"
    to: ACME's board
    due:
      - {from: verdict, within: 0}
examples:
  - says: Four hours.
    anchors: {aware: "2026-03-02T09:20:00+00:00"}
    due: {call: "2026-03-02T13:20:00+00:00", report: null}
"""
PACK = pack_from(TEXT)
REGIME = PACK.regime

"""The record's incidents as files that others read: XES, OCEL 2.0, tables. Pure: text comes out piece by piece."""

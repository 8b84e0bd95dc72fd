"""The style of the HTML page."""

STYLE = """\
:root { color-scheme: light; --line: #8a8a8a; --soft: #f3f5f8; --link: #0b57a4; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1a1a1a; font: 1rem/1.75 "Noto Sans CJK SC", "Noto Sans SC",
  "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif;
  line-break: strict; overflow-wrap: break-word; }
header { padding: 4rem 0 3rem; text-align: center; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.8; }
h1 span { display: block; }
h2 { margin: 3.5rem 0 1.5rem; font-size: 1.5rem; text-align: center; }
h3 { margin: 2.25rem 0 .75rem; font-size: 1.2rem; }
h4, h5, h6 { margin: 1.5rem 0 .5rem; font-size: 1.05rem; }
p { margin: .4rem 0; text-indent: 2em; text-align: justify; }
p.flush { text-indent: 0; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
.contents { margin-top: 2rem; margin-bottom: 2rem; }
.contents .title { font-size: 1.3rem; font-weight: bold; text-align: center; text-indent: 0; }
.contents ol { margin: 0; padding: 0; list-style: none; }
.contents ol ol { padding-left: 2em; }
.contents > ol > li { margin-top: .5rem; font-weight: bold; }
.contents ol ol { font-weight: normal; }
figure { margin: 1.75rem 0 2.25rem; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { margin: 0 auto; border-collapse: collapse; font-size: .875rem; line-height: 1.45;
  font-variant-numeric: tabular-nums; }
caption { padding-bottom: .35rem; }
caption span { display: inline-block; }
caption .title { display: block; font-size: 1.1rem; font-weight: bold; }
caption .form { display: block; text-align: right; }
caption .left { float: left; text-align: left; }
caption .right { float: right; text-align: right; }
th, td { padding: .3rem .6rem; border: 1px solid var(--line); text-align: left; vertical-align: middle;
  min-width: 2.5em; }
thead th, thead td { background: var(--soft); text-align: center; font-weight: bold; }
thead span { display: inline-block; width: max-content; max-width: 6em; }
thead .parts { word-break: keep-all; }
thead ~ tbody th { min-width: 7.5em; }
tbody th { font-weight: inherit; }
.strong, .strong th { font-weight: bold; }
.rule > * { border-top-color: #444; }
.panel { border-left: 3px double #444; }
.center { text-align: center; }
.right { text-align: right; }
.fixed { white-space: nowrap; }
.notes { max-width: 60rem; margin: .5rem auto 0; font-size: .875rem; }
.notes p { text-indent: 0; }
.chart { max-width: 46rem; margin-left: auto; margin-right: auto; break-inside: avoid; }
.chart figcaption { margin-bottom: .5rem; font-weight: bold; }
svg { max-width: 100%; height: auto; font-size: 14px; }
svg rect { fill: #3b6ea5; }
svg .open { fill: #b00020; font-weight: bold; }
mark { background: #ffeb3b; color: inherit; print-color-adjust: exact; -webkit-print-color-adjust: exact; }

@media screen {
  main { max-width: 92rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
  main > :is(p, h1, h2, h3, h4, h5, h6, nav) { max-width: 46rem; margin-left: auto; margin-right: auto; }
}
@page { size: A4; margin: 22mm 20mm 20mm; @bottom-center { content: "- " counter(page) " -"; font-size: 10pt; } }
@page wide { size: A4 landscape; margin: 18mm 15mm; }
@page :first { @bottom-center { content: none; } }
@media print {
  body { font: 12pt/1.75 FangSong, STFangsong, "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", SimSun,
    serif; }
  header { padding-top: 35%; }
  h2, h3, h4, h5, h6, .title, thead { font-family: SimHei, "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC",
    "PingFang SC", sans-serif; }
  h2 { margin: 0 0 1rem; }
  h3 { margin: 1rem 0 .5rem; }
  h2, h3, h4, h5, h6, caption { break-after: avoid; }
  p { orphans: 2; widows: 2; }
  a { color: inherit; }
  .page { break-before: page; }
  .wide { page: wide; }
  .scroll { overflow: visible; }
  table { font-size: 9pt; }
  .wide table { font-size: 8pt; }
  table { line-height: 1.35; }
  thead span { max-width: 5em; }
  thead ~ tbody th { min-width: 6em; }
  figure { margin: .5rem 0 1rem; }
  .notes { break-before: avoid; max-width: none; font-size: 9pt; line-height: 1.5; }
  th, td { padding: .7mm 1.2mm; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  thead th, thead td { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""

DRAFT = """\
html { scroll-padding-top: 3rem; }
.draft { position: sticky; top: 0; z-index: 1; margin: 0; padding: .3rem 1rem; text-align: center; text-indent: 0;
  font-weight: bold; color: #b00020; background: #fff; border: 2px solid #b00020; }
@page { @top-center { content: "LINE"; color: #b00020; font-size: 10pt; font-weight: bold; } }
@media print { .draft { position: static; } }
"""
"""What the style of a draft has more: its banner, which stays in sight, and LINE at the head of every printed page."""

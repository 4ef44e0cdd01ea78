/** The page around a report: one file that needs no other, for screens of all sizes, light and dark. Knows no figure. */

/** Colours by role; charts and tables know only the names. */
const style = `
:root{color-scheme:light dark;--paper:#fbfbf9;--card:#fff;--ink:#1d2229;--soft:#68717d;--grid:#e7e8e6;--line:#dfe1de;
--ours:#e0562b;--slower:#8a93a0;--peer1:#3f6fb5;--peer2:#3a9a8f;--peer3:#a06bb8;--peer4:#b8902f;--peer5:#7d8b3a;--peer6:#b0587a;--ceiling:#c3c8ce}
@media(prefers-color-scheme:dark){:root{--paper:#14171b;--card:#1c2026;--ink:#e8eaed;--soft:#98a1ad;--grid:#2c323a;--line:#2c323a;
--ours:#ff7a4d;--slower:#7b8592;--peer1:#6d9de0;--peer2:#55bfb2;--peer3:#c391da;--peer4:#d9b355;--peer5:#a9b95f;--peer6:#dc83a5;--ceiling:#59626d}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main{max-width:1060px;margin:0 auto;padding:40px 20px 60px}
h1{font-size:clamp(28px,5vw,42px);line-height:1.1;letter-spacing:-.02em;margin:0 0 8px}
h2{font-size:24px;letter-spacing:-.01em;line-height:1.2;margin:52px 0 6px}
h3{font-size:16px;margin:26px 0 8px}
p{margin:0 0 12px;max-width:74ch}
.soft{color:var(--soft)}
.small{font-size:14px}
.heroes{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:14px;margin:26px 0}
.hero,.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px 18px}
.hero b{display:block;font-size:38px;line-height:1.1;letter-spacing:-.03em;color:var(--ours);font-variant-numeric:tabular-nums}
.hero.slower b{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:14px;margin:14px 0}
figure{margin:0}
figcaption{font-weight:600;font-size:14px;margin:0 0 10px}
figcaption span{font-weight:400;color:var(--soft)}
svg{display:block;width:100%;height:auto}
svg text{font-family:inherit!important}
.overview{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:14px}
.overview .soft{padding:4px 8px}
@media(max-width:860px){.overview{grid-template-columns:minmax(0,1fr)}}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:8px 0 0;list-style:none;font-size:14px}
.legend i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:7px}
.scroll{overflow-x:auto;margin:0 0 12px}
table{border-collapse:collapse;font-size:13.5px;font-variant-numeric:tabular-nums;width:100%}
th,td{padding:6px 8px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th{font-weight:600;color:var(--soft);vertical-align:bottom;white-space:normal}
th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal;min-width:150px}
th:last-child,td:last-child{padding-right:0}
td small{color:var(--soft);display:block}
tr.ours td{font-weight:600}
tr.ours td small{font-weight:400}
ul{margin:0 0 12px;padding-left:20px}
details{margin:10px 0}
summary{cursor:pointer;font-weight:600;font-size:14px}
summary .soft{font-weight:400}
details>*:not(summary){margin-top:10px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:0 0 12px;font-size:14px}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
pre{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 14px;overflow-x:auto;font-size:13px}
@media(max-width:560px){main{padding:26px 14px 40px}.hero b{font-size:30px}.heroes{grid-template-columns:1fr 1fr;gap:10px}.hero{padding:12px 14px}
.card{padding:14px 12px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}
@media print{.card,.hero{break-inside:avoid}}
`

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** `title` is text, `body` HTML. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}

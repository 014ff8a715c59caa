#include "page.hpp"

namespace quintile::cli::report {

namespace {

// Text and its ground differ by a contrast of at least 4.5 in both schemes, heat steps included.
constexpr std::string_view kStyleSheet = R"css(
:root{color-scheme:light dark;--page:#f6f6f3;--card:#fff;--ink:#1b1f24;--soft:#57606a;--line:#dfe2e6;
--accent:#1f5aa8;--mark:#eef4fb;--warn:#fff6e0;--warn-line:#d9a514;
--h0:#f4f8fd;--h1:#dfeaf8;--h2:#c3d9f1;--h3:#9cc2e8;--h4:#70a5db;--h5:#3470b6;--h6:#22589b;--h7:#133c72;
--low:#10233d;--high:#fff}
@media (prefers-color-scheme:dark){:root{--page:#121418;--card:#1b1e24;--ink:#e8eaee;--soft:#a6aeb9;
--line:#333842;--accent:#86b6f2;--mark:#1d2836;--warn:#2e2713;--warn-line:#c99a1c;
--h0:#20252e;--h1:#212f45;--h2:#223f64;--h3:#245085;--h4:#2a65a8;--h5:#5590d4;--h6:#84b0e5;--h7:#bcd6f5;
--low:#fff;--high:#0a1320}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main,header,footer{max-width:1080px;margin:0 auto;padding:0 20px}
header{padding-top:36px}
h1{font-size:30px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
h2{font-size:20px;line-height:1.3;margin:0 0 4px}
h3{font-size:16px;margin:0 0 8px}
p{margin:0 0 12px}
.soft{color:var(--soft)}
.small{font-size:13.5px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:22px 24px;
margin:20px 0}
section.plain{background:none;border:0;padding:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px}
.tile dt{font-size:13.5px;color:var(--soft)}
.tile dd{margin:2px 0 0;font-size:22px;line-height:1.2;font-weight:650;
font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.tile dd .unit{font-size:13px;font-weight:600;white-space:nowrap}
.tile dd small{display:block;font-size:13px;font-weight:400;color:var(--soft);margin-top:3px}
section.first{background:var(--mark)}
section.first ol{margin:8px 0 0;padding-left:1.4em}
section.first li{margin:0 0 9px;padding-left:.2em}
section.warn{background:var(--warn);border-color:var(--warn-line)}
section.warn ul,section ul{margin:8px 0 0;padding-left:1.3em}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:13.5px;padding:0 0 8px}
th,td{padding:7px 10px;text-align:right;border-bottom:1px solid var(--line);vertical-align:middle}
thead th{font-size:13px;font-weight:600;color:var(--soft);vertical-align:bottom}
th:first-child,td:first-child{text-align:left;padding-left:0}
tbody tr:last-child>*{border-bottom:0}
tfoot td,tfoot th{border-top:2px solid var(--line);border-bottom:0;font-weight:600}
.classes tbody th{font-weight:600;min-width:190px;max-width:270px}
.classes tbody th small{display:block;font-weight:400;color:var(--soft);font-size:13px;line-height:1.35}
.share{display:grid;grid-template-columns:1fr 60px;gap:8px;align-items:center;min-width:130px}
.share i{display:block;height:11px;border-radius:3px;background:var(--h1);overflow:hidden}
.share i b{display:block;height:100%;border-radius:3px;background:var(--h5)}
.share.money i b{background:var(--h4)}
.none{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(290px,1fr));gap:28px}
.cards.wide{grid-template-columns:1fr}
.heat.many{min-width:620px}
.cards>div{min-width:0}
.heat{table-layout:fixed}
.heat td,.heat th{text-align:center;border:0;padding:5px 2px;font-size:14px}
.heat td{border:2px solid var(--card);border-radius:6px;height:50px;line-height:1.25}
.heat td small{display:block;font-size:12px}
.heat th:first-child,.heat thead td:first-child{padding-right:6px;text-align:right;width:64px;
overflow-wrap:anywhere}
.heat.named th:first-child,.heat.named thead td:first-child{width:88px;font-size:13px}
.heat.named thead th{font-size:12px;overflow-wrap:normal}
.heat thead th{overflow-wrap:anywhere}
.heat tbody tr:last-child>*{border-bottom:2px solid var(--card)}
.h0{background:var(--h0);color:var(--low)}.h1{background:var(--h1);color:var(--low)}
.h2{background:var(--h2);color:var(--low)}.h3{background:var(--h3);color:var(--low)}
.h4{background:var(--h4);color:var(--low)}.h5{background:var(--h5);color:var(--high)}
.h6{background:var(--h6);color:var(--high)}.h7{background:var(--h7);color:var(--high)}
.h0 small,.h1 small,.h2 small,.h3 small,.h4 small,.h5 small,.h6 small,.h7 small{color:inherit}
.heat.moves{table-layout:auto;min-width:780px}
.heat.moves td{height:38px;font-size:13px;min-width:46px}
.heat.moves thead th{font-size:12px;overflow-wrap:normal;line-height:1.2}
.heat.moves th:first-child,.heat.moves thead td:first-child{position:sticky;left:0;width:auto;
overflow-wrap:normal;background:var(--card);z-index:1}
.heat.moves th:first-child{min-width:96px}
.stays{outline:2px solid var(--accent);outline-offset:-3px}
.tiers{font-size:14px}
.tiers th,.tiers td{padding:6px 0 6px 8px}
.tiers th:first-child{padding-left:0}
.tiers thead th{font-size:12px}
.tiers td:nth-child(2),.tiers th:nth-child(2){text-align:left}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
.chart{position:relative;margin:14px 0 34px 46px;height:300px;border-left:1px solid var(--line)}
.chart svg{display:block;width:100%;height:100%;overflow:visible}
.chart .y{position:absolute;right:100%;padding-right:8px;transform:translateY(-50%);font-size:12.5px;
color:var(--soft);white-space:nowrap}
.chart .x{position:absolute;top:100%;padding-top:7px;transform:translateX(-50%);font-size:12.5px;
color:var(--soft);white-space:nowrap}
.chart .note{position:absolute;font-size:13px;background:var(--card);border:1px solid var(--line);
border-radius:6px;padding:2px 8px;transform:translate(10px,-4px);white-space:nowrap}
.months .x.minor{display:none}
.grid{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.zero{stroke:var(--soft);stroke-width:1;vector-effect:non-scaling-stroke}
.curve{fill:none;stroke:var(--accent);stroke-width:2.5;vector-effect:non-scaling-stroke}
.area{fill:var(--h1)}
.equal{stroke:var(--soft);stroke-width:1;stroke-dasharray:4 4;vector-effect:non-scaling-stroke}
.f0{fill:var(--h0)}.f1{fill:var(--h1)}.f2{fill:var(--h2)}.f3{fill:var(--h3)}.f4{fill:var(--h4)}
.f5{fill:var(--h5)}.f6{fill:var(--h6)}.f7{fill:var(--h7)}
.key{display:flex;flex-wrap:wrap;gap:6px 16px;font-size:13.5px;color:var(--soft);margin:6px 0 0;
padding:0;list-style:none}
.key i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;
vertical-align:-1px;border:1px solid var(--line)}
details{margin-top:8px}
summary{cursor:pointer;color:var(--accent);font-size:14px;padding:4px 0}
details table{font-size:14px;margin-top:6px}
dl.facts{display:grid;grid-template-columns:minmax(120px,auto) 1fr;gap:4px 18px;margin:8px 0 0}
dl.facts dt{color:var(--soft)}
dl.facts dd{margin:0;overflow-wrap:anywhere}
footer{padding-bottom:40px;color:var(--soft);font-size:13.5px}
footer p{overflow-wrap:anywhere}
@media (max-width:720px){
main,header,footer{padding-left:12px;padding-right:12px}
header{padding-top:22px}
h1{font-size:25px}
section{padding:16px 14px;margin:14px 0}
.tiles{grid-template-columns:1fr 1fr;gap:8px}
.tile{padding:11px 12px}
.tile dd{font-size:20px}
.classes thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.classes,.classes tbody,.classes tfoot,.classes tr,.classes th,.classes td{display:block}
.classes caption{display:block}
.classes tr{padding:12px 0;border-bottom:1px solid var(--line)}
.classes tbody tr:last-child,.classes tfoot tr{border-bottom:0}
.classes tbody th{max-width:none;padding:0 0 4px;border:0;text-align:left}
.classes tfoot th{padding:0 0 4px;border:0;text-align:left}
.classes td{display:flex;justify-content:space-between;gap:14px;align-items:baseline;padding:2px 0;
border:0;font-weight:400}
.classes td::before{content:attr(data-label);color:var(--soft);font-size:13.5px}
.classes td:first-child{padding-left:0}
.classes td::before{white-space:nowrap}
.share{flex:0 1 46%;min-width:0;grid-template-columns:1fr 60px}
.share span{text-align:right}
.chart{height:230px}
.months .x.often{display:none}
.cards{grid-template-columns:1fr}
}
@media print{body{background:#fff}section,.tile{break-inside:avoid}}
)css";

}  // namespace

std::string_view style_sheet() { return kStyleSheet; }

}  // namespace quintile::cli::report

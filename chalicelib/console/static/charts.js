// Charts: <div class="chart" data-chart='{"at": [seconds], "rows": [[...], ...]}' data-names='[...]' data-moment="Time">.
(() => {
  "use strict";
  const draw = (place) => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const { at, rows } = JSON.parse(place.dataset.chart);
    const names = JSON.parse(place.dataset.names);
    const shades = ["--first", "--second", "--third", "--fourth"].map(colour);
    const shown = new Intl.NumberFormat(document.documentElement.lang);
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
    const moment = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23", timeZone: document.documentElement.dataset.zone });
    const options = {
      width: place.clientWidth,
      height: 240,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), document.documentElement.dataset.zone),
      scales: { y: { range: (chart, low, high) => [0, Math.max(high, 1) * 1.08] } },
      axes: [
        { ...axis, values: (chart, ticks) => ticks.map((tick) => short(tick, at)) },
        { ...axis, size: 56, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000], values: (chart, ticks) => ticks.map((tick) => shown.format(tick)) },
      ],
      series: [
        { label: place.dataset.moment, value: (chart, value) => (value === null ? "–" : moment.format(new Date(value * 1000))) },
        ...names.map((label, n) => ({
          label, stroke: shades[n], width: 2, dash: n > 1 ? [6, 5] : undefined, fill: n === 0 ? `${shades[0]}22` : undefined,
          points: { show: at.length < 40, size: 6 }, value: (chart, value) => (value === null ? "–" : shown.format(value)),
        })),
      ],
    };
    place.replaceChildren();
    return new uPlot(options, [at, ...rows], place);
  };
  const short = (tick, at) => {
    const days = at[at.length - 1] - at[0] > 3 * 86400;
    const form = days ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    return new Intl.DateTimeFormat(document.documentElement.lang, { ...form, timeZone: document.documentElement.dataset.zone }).format(new Date(tick * 1000));
  };
  for (const place of document.querySelectorAll("[data-chart]")) {
    let chart = draw(place);
    let width = place.clientWidth;
    new ResizeObserver(() => {
      if (place.clientWidth === width) return;
      width = place.clientWidth;
      chart.setSize({ width, height: 240 });
    }).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { chart.destroy(); chart = draw(place); });
  }
})();

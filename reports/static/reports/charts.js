// Draws the charts of a page from the data beside them. Without it the page has the same numbers as tables.
(function () {
  "use strict";

  var FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';
  var LIGHT = { size: 12, ink: "#1f2937", muted: "#6b7280", line: "#e5e7eb", colours: ["#1857b8", "#b45309", "#15803d", "#6b7280"] };
  var DARK = { size: 16, ink: "#e6edf7", muted: "#9fb3cc", line: "#26405f", colours: ["#4f9cf9", "#f2b34b", "#5fd08a", "#b7c4d6"] };
  // Patterns over colours, dashes and shapes on lines: what is meant is seen without colour too.
  var PATTERNS = [
    { symbol: "none" },
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
    { symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.6 },
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [4, 3], symbolSize: 0.8 },
  ];
  var DASHES = ["solid", "dashed", "dotted", [8, 4, 2, 4]];
  var SHAPES = ["circle", "rect", "triangle", "diamond"];
  var PRINT_WIDTH = 660;
  var drawn = [];

  function pick(list, index) { return list[index % list.length]; }

  function look(place) { return place.closest("[data-dark]") ? DARK : LIGHT; }

  function numbers(values) { return values.map(function (value) { return value === null ? 0 : value; }); }

  function base(data, style) {
    return {
      animation: false,
      textStyle: { fontFamily: FONT, fontSize: style.size, color: style.ink },
      color: style.colours,
      tooltip: {
        trigger: "item",
        renderMode: "richText",
        confine: true,
        formatter: function (point) {
          var of = data.series[point.seriesIndex];
          var text = of.texts[point.dataIndex];
          return data.categories[point.dataIndex] + "\n" + of.label + "  " + text + (/^\d+$/.test(text) ? data.unit : "");
        },
      },
    };
  }

  function label(data, style, number, position) {
    return {
      show: true,
      position: position,
      color: style.ink,
      fontSize: style.size,
      formatter: function (point) { return data.series[number].texts[point.dataIndex]; },
    };
  }

  function surface(number) {
    return { decal: pick(PATTERNS, number), borderWidth: 0 };
  }

  // The longest name decides how much room the names get; longer ones are cut, the table has them whole.
  function names(data, style, width) {
    return {
      type: "category", inverse: true, data: data.categories,
      axisTick: { show: false }, axisLine: { lineStyle: { color: style.line } },
      axisLabel: { color: style.ink, interval: 0, fontSize: style.size, width: Math.min(15 * style.size, width * 0.36), overflow: "truncate" },
    };
  }

  function values(data, style, extra) {
    return Object.assign({
      type: "value", max: data.full || null, splitLine: { lineStyle: { color: style.line } },
      axisLabel: { color: style.muted, fontSize: style.size },
    }, extra);
  }

  function bars(data, style, width) {
    return Object.assign(base(data, style), {
      grid: { left: 4, right: 72, top: 8, bottom: 4, containLabel: true },
      yAxis: names(data, style, width),
      xAxis: values(data, style, { axisLabel: { show: false }, splitLine: { show: false }, max: null }),
      series: data.series.map(function (one, number) {
        return {
          type: "bar", name: one.label, data: numbers(one.values), barMaxWidth: 22, itemStyle: surface(number),
          label: label(data, style, number, "right"),
        };
      }),
    });
  }

  // Bars around a middle line: a funnel downwards, a pyramid from its top.
  function centred(data, style, width) {
    var found = numbers(data.series[0].values), most = Math.max.apply(null, found.concat(1));
    var option = bars(data, style, width);
    option.xAxis.max = most;
    option.series = [
      { type: "bar", stack: "all", silent: true, itemStyle: { color: "transparent" }, tooltip: { show: false },
        data: found.map(function (value) { return (most - value) / 2; }) },
      { type: "bar", stack: "all", data: found, barMaxWidth: 30, barCategoryGap: "12%", itemStyle: { color: style.colours[0] },
        label: { show: true, position: "inside", color: "#fff", fontSize: style.size, textBorderColor: style.colours[0], textBorderWidth: 3,
          formatter: function (point) { return data.series[0].texts[point.dataIndex]; } } },
    ];
    option.tooltip.formatter = function (point) {
      return data.categories[point.dataIndex] + "  " + data.series[0].texts[point.dataIndex] + data.unit;
    };
    option.grid.right = 16;
    return option;
  }

  function columns(data, style) {
    var option = lines(data, style);
    option.series = data.series.map(function (one, number) {
      return { type: "bar", stack: "all", name: one.label, data: numbers(one.values), barMaxWidth: 32, itemStyle: surface(number) };
    });
    return option;
  }

  function lines(data, style) {
    return Object.assign(base(data, style), {
      legend: { top: 0, left: 0, icon: null, itemWidth: 32, textStyle: { color: style.ink, fontSize: style.size }, selectedMode: false },
      grid: { left: 4, right: 16, top: 40, bottom: 4, containLabel: true },
      xAxis: {
        type: "category", data: data.categories, axisTick: { show: false },
        axisLine: { lineStyle: { color: style.line } }, axisLabel: { color: style.muted, fontSize: style.size },
      },
      yAxis: values(data, style, data.full ? { min: function (range) { return Math.max(0, Math.floor(range.min / 10) * 10 - 10); } } : {}),
      series: data.series.map(function (one, number) {
        return {
          type: "line", name: one.label, data: one.values, symbol: pick(SHAPES, number), symbolSize: 8, connectNulls: false,
          lineStyle: { type: pick(DASHES, number), width: 2 },
        };
      }),
    });
  }

  var KINDS = { bar: bars, line: lines, stack: columns, funnel: centred, pyramid: centred };

  function height(data) {
    return data.kind === "line" || data.kind === "stack" ? 280 : Math.max(120, data.categories.length * 34 + 16);
  }

  function draw(figure) {
    var place = figure.querySelector("[data-chart-canvas]"), source = figure.querySelector("script[type='application/json']");
    if (figure.dataset.drawn || !source || !window.echarts) { return; }
    figure.dataset.drawn = "1";
    var data = JSON.parse(source.textContent);
    place.hidden = false;
    if (!("fixed" in place.dataset)) { place.style.height = height(data) + "px"; }
    var chart = window.echarts.init(place, null, { renderer: "svg" });
    var shift = data.kind === "funnel" || data.kind === "pyramid" ? 1 : 0;
    chart.setOption(KINDS[data.kind](data, look(place), place.clientWidth));
    chart.on("click", function (point) {
      var of = data.series[point.seriesIndex - shift], link = of && of.links[point.dataIndex];
      if (link && !place.closest("[data-dark]")) { window.location.assign(link); }
    });
    drawn.push(chart);
  }

  function drawAll(root) {
    (root || document).querySelectorAll("[data-chart]").forEach(draw);
  }

  function fit() { drawn.forEach(function (chart) { if (!chart.isDisposed()) { chart.resize(); } }); }

  document.addEventListener("DOMContentLoaded", function () { drawAll(document); });
  // Pieces of a page that came later.
  document.addEventListener("htmx:afterSettle", function () {
    drawn = drawn.filter(function (chart) {
      if (document.contains(chart.getDom())) { return true; }
      chart.dispose();
      return false;
    });
    drawAll(document);
  });
  window.addEventListener("resize", fit);
  window.addEventListener("beforeprint", function () {
    drawn.forEach(function (chart) { chart.resize({ width: PRINT_WIDTH }); });
  });
  window.addEventListener("afterprint", function () {
    drawn.forEach(function (chart) { chart.resize({ width: "auto" }); });
  });
})();

// Draws the charts of a lab's page. Nothing depends on colour alone: lines have dashes, points have shapes, bars have
// patterns, and lines have labels.
const COLOURS = ['#0b3d91', '#a33b00', '#00563f', '#5b2a86'];
const DASHES = [[], [9, 4], [2, 4], [12, 4, 2, 4]];
const SHAPES = ['circle', 'rect', 'triangle', 'rectRot'];
const TEXT = { size: 14, family: 'system-ui, sans-serif' };

const { Chart } = window;
Chart.defaults.font = TEXT;
Chart.defaults.color = '#111';
Chart.defaults.animation = false;
Chart.defaults.maintainAspectRatio = false;

const number = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 });

/** Labels each line at its end, and moves labels apart that would overlap. */
const namesAtLines = {
  id: 'namesAtLines',
  afterDatasetsDraw(chart) {
    const { ctx, chartArea, data } = chart;
    const names = data.datasets
      .map((set, at) => ({ set, point: chart.getDatasetMeta(at).data.at(-1) }))
      .filter(({ point }) => point)
      .map(({ set, point }) => ({ label: set.label, colour: set.borderColor, x: point.x, y: point.y }))
      .sort((a, b) => a.y - b.y);
    ctx.save();
    ctx.font = `600 ${TEXT.size}px ${TEXT.family}`;
    ctx.textBaseline = 'middle';
    let above = chartArea.top - 20;
    for (const { label, colour, x, y } of names) {
      above = Math.max(y, above + 20);
      ctx.fillStyle = colour;
      ctx.fillText(label, x + 12, above);
    }
    ctx.restore();
  },
};

/** Writes each bar's value above it. */
const valuesAtBars = {
  id: 'valuesAtBars',
  afterDatasetsDraw(chart) {
    const { ctx } = chart;
    ctx.save();
    ctx.font = `${TEXT.size}px ${TEXT.family}`;
    ctx.textAlign = 'center';
    ctx.fillStyle = '#111';
    chart.data.datasets.forEach((set, at) => {
      chart.getDatasetMeta(at).data.forEach((bar, index) => {
        ctx.fillText(number.format(set.data[index].y), bar.x, bar.y - 6);
      });
    });
    ctx.restore();
  },
};

/** Filled, hatched, empty. */
function pattern(at) {
  const colour = COLOURS[at % COLOURS.length];
  if (at === 0) return colour;
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const ctx = tile.getContext('2d');
  ctx.fillStyle = '#fff';
  ctx.fillRect(0, 0, 8, 8);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  if (at === 1) {
    ctx.moveTo(-2, 10);
    ctx.lineTo(10, -2);
    ctx.moveTo(-2, 2);
    ctx.lineTo(2, -2);
    ctx.moveTo(6, 10);
    ctx.lineTo(10, 6);
    ctx.stroke();
  }
  return ctx.createPattern(tile, 'repeat');
}

function dataset({ label, points }, at, type) {
  const colour = COLOURS[at % COLOURS.length];
  const line = {
    borderDash: DASHES[at % DASHES.length],
    pointStyle: SHAPES[at % SHAPES.length],
    pointRadius: points.length > 30 ? 0 : 5,
    pointBackgroundColor: '#fff',
    pointBorderWidth: 2,
    borderWidth: 2.5,
  };
  const bar = { backgroundColor: pattern(at), borderWidth: 2 };
  return { label, data: points, borderColor: colour, ...(type === 'line' ? line : bar) };
}

function axis(chart, name) {
  const logarithmic = chart.logarithmic?.includes(name);
  const title = { display: chart[`${name}Title`] !== '', text: chart[`${name}Title`] };
  if (chart.type === 'bar' && name === 'x') return { title };
  return {
    type: logarithmic ? 'logarithmic' : 'linear',
    title,
    ...(logarithmic ? {} : { beginAtZero: true }),
    grid: { color: '#ddd' },
  };
}

/** The space for the line labels. */
function widest(labels) {
  const ctx = document.createElement('canvas').getContext('2d');
  ctx.font = `600 ${TEXT.size}px ${TEXT.family}`;
  return Math.max(0, ...labels.map((label) => ctx.measureText(label).width));
}

const charts = JSON.parse(document.getElementById('charts').textContent);
document.querySelectorAll('canvas').forEach((canvas, index) => {
  const chart = charts[index];
  const isLine = chart.type === 'line';
  new Chart(canvas, {
    type: chart.type,
    data: { datasets: chart.drawn.map((series, at) => dataset(series, at, chart.type)) },
    plugins: [isLine ? namesAtLines : valuesAtBars],
    options: {
      layout: {
        padding: { top: 24, right: isLine ? widest(chart.drawn.map(({ label }) => label)) + 20 : 0 },
      },
      plugins: { legend: { display: !isLine, position: 'bottom' } },
      scales: { x: axis(chart, 'x'), y: axis(chart, 'y') },
    },
  });
});

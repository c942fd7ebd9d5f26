"use strict";
// Draws the shapes that `analoom.flows.viewer.shapes` wrote into a figure of class "viewer": canvas, no other code.

const NEVER_SMALLER_PX = 0.6, PATTERN_FROM_PX = 5, EDGE_FROM_PX = 3, CELL_FROM_PX = 2;
const MOST_TEXTS = 400, BAR_PX = 120, MARGIN = 1.06, STEP = 1.4, SLOW_MS = 40, IDLE_MS = 120;

class LayoutViewer {
  // The canvas is one of the processor: graphics processors are slow at many small boxes.
  constructor(figure) {
    this.figure = figure;
    this.canvas = figure.querySelector("canvas");
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true });
    this.data = JSON.parse(figure.querySelector(".shapes").textContent);
    this.labels = this.data.layers.length - 1;
    const [left, bottom, right, top] = this.data.box;
    this.canvas.style.aspectRatio = `${right - left} / ${top - bottom}`;
    this.boxes = cellBoxes(this.data);
    this.fills = this.data.layers.map((layer) => stipple(this.pen, layer));
    this.pointers = new Map();
    this.addLayers();
    this.addControls();
    figure.classList.add("live");
    this.whole = true;
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    this.resize();
  }

  // What is seen: `x`, `y` in database units at the middle of the canvas, `scale` in px per unit.

  fit() {
    const [left, bottom, right, top] = this.data.box;
    const scale = Math.min(this.width / Math.max(right - left, 1), this.height / Math.max(top - bottom, 1)) / MARGIN;
    this.look({ x: (left + right) / 2, y: (bottom + top) / 2, scale });
    this.whole = true;
  }

  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const [ux, uy] = this.unit(x, y), whole = Math.max(this.data.box[2] - this.data.box[0], 1);
    const scale = Math.min(Math.max(this.view.scale * factor, 20 / whole / 10), 50);
    this.look({ x: ux - (x - this.width / 2) / scale, y: uy + (y - this.height / 2) / scale, scale });
  }

  pan(dx, dy) {
    const { x, y, scale } = this.view;
    this.look({ x: x - dx / scale, y: y + dy / scale, scale });
  }

  look(view) {
    this.view = view;
    this.whole = false;
    this.showBar();
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.show());
  }

  drawAnew() {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.draw());
  }

  unit(x, y) {
    return [this.view.x + (x - this.width / 2) / this.view.scale, this.view.y - (y - this.height / 2) / this.view.scale];
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    this.width = Math.max(this.canvas.clientWidth, 1);
    this.height = Math.max(this.canvas.clientHeight, 1);
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.ratio = ratio;
    this.kept = null;
    if (this.whole) this.fit();
    else this.look(this.view);
  }

  // A layout that takes long to draw moves as a picture of what was drawn last, and is drawn anew when at rest.

  show() {
    clearTimeout(this.resting);
    if (!this.kept || this.took < SLOW_MS) return this.draw();
    const { picture, view } = this.kept, size = this.view.scale / view.scale;
    const x = this.width / 2 + (view.x - this.view.x) * this.view.scale - (this.width / 2) * size;
    const y = this.height / 2 - (view.y - this.view.y) * this.view.scale - (this.height / 2) * size;
    this.clear();
    this.pen.drawImage(picture, x, y, this.width * size, this.height * size);
    this.resting = setTimeout(() => this.draw(), IDLE_MS);
  }

  clear() {
    this.pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.pen.fillStyle = "#fff";
    this.pen.fillRect(0, 0, this.width, this.height);
  }

  draw() {
    const started = performance.now(), { x, y, scale } = this.view;
    const whole = [scale, 0, 0, -scale, this.width / 2 - x * scale, this.height / 2 + y * scale];
    this.clear();
    this.data.layers.forEach((layer, number) => {
      if (!layer.shown || number === this.labels) return;
      this.pen.strokeStyle = layer.colour;
      this.pen.lineWidth = layer.line_px;
      this.drawCell(this.data.cells.length - 1, whole, number);
    });
    if (this.data.layers[this.labels].shown) this.drawTexts(whole);
    this.took = performance.now() - started;
    this.kept = this.took < SLOW_MS ? null : { picture: copyOf(this.canvas), view: this.view };
    this.figure.dataset.drawn = String(Number(this.figure.dataset.drawn || 0) + 1);
  }

  drawCell(number, matrix, layer) {
    const box = this.boxes[number][layer];
    if (!box) return;
    const seen = boxOnScreen(matrix, box);
    if (seen[2] < 0 || seen[3] < 0 || seen[0] > this.width || seen[1] > this.height) return;
    const cell = this.data.cells[number], shapes = cell.shapes[layer];
    if (number < this.data.cells.length - 1 && seen[2] - seen[0] < CELL_FROM_PX && seen[3] - seen[1] < CELL_FROM_PX) {
      return this.drawBox(seen, layer);
    }
    if (shapes) this.drawShapes(shapes, matrix, layer);
    for (const place of cell.places) {
      eachPlace(place, (move) => this.drawCell(place.cell, product(matrix, move), layer));
    }
  }

  drawShapes(shapes, matrix, layer) {
    const straight = (matrix[0] === 0 && matrix[3] === 0) || (matrix[1] === 0 && matrix[2] === 0);
    for (let k = 0; k < shapes.boxes.length; k += 4) {
      const box = shapes.boxes.slice(k, k + 4);
      if (straight) this.drawBox(boxOnScreen(matrix, box), layer);
      else this.drawPolygon([cornersOf(box)], matrix, layer);
    }
    for (const contours of shapes.polygons) this.drawPolygon(contours, matrix, layer);
  }

  drawBox([left, top, right, bottom], layer) {
    if (right < 0 || bottom < 0 || left > this.width || top > this.height) return;
    // Far outside, coordinates are cut: what a canvas is given must not grow with the zoom.
    left = Math.max(left, -20), top = Math.max(top, -20);
    right = Math.min(right, this.width + 20), bottom = Math.min(bottom, this.height + 20);
    const width = Math.max(right - left, NEVER_SMALLER_PX), height = Math.max(bottom - top, NEVER_SMALLER_PX);
    const large = Math.min(width, height) >= EDGE_FROM_PX;
    if (this.setFill(layer, Math.min(width, height))) this.pen.fillRect(left, top, width, height);
    if (large) this.pen.strokeRect(left, top, width, height);
  }

  drawPolygon(contours, matrix, layer) {
    const [left, top, right, bottom] = boxOnScreen(matrix, boundsOf(contours[0]));
    if (right < 0 || bottom < 0 || left > this.width || top > this.height) return;
    this.pen.beginPath();
    for (const contour of contours) {
      this.pen.moveTo(...moved(matrix, contour[0], contour[1]));
      for (let k = 2; k < contour.length; k += 2) this.pen.lineTo(...moved(matrix, contour[k], contour[k + 1]));
      this.pen.closePath();
    }
    if (this.setFill(layer, Math.min(right - left, bottom - top))) this.pen.fill("evenodd");
    if (Math.min(right - left, bottom - top) >= EDGE_FROM_PX) this.pen.stroke();
  }

  setFill(layer, size) {
    const fill = this.fills[layer];
    if (fill === null && size >= EDGE_FROM_PX) return false;
    this.pen.fillStyle = size < PATTERN_FROM_PX || fill === null ? this.data.layers[layer].colour : fill;
    return true;
  }

  drawTexts(matrix) {
    const found = [];
    this.collectTexts(this.data.cells.length - 1, matrix, found);
    this.pen.font = "11px system-ui, sans-serif";
    this.pen.lineWidth = 3;
    this.pen.strokeStyle = "rgba(255, 255, 255, 0.85)";
    this.pen.fillStyle = this.data.layers[this.labels].colour;
    for (const [text, x, y] of found.length <= MOST_TEXTS ? found : []) {
      this.pen.strokeText(text, x, y);
      this.pen.fillText(text, x, y);
    }
  }

  collectTexts(number, matrix, found) {
    const cell = this.data.cells[number];
    for (const [text, x, y] of cell.texts) {
      const [sx, sy] = moved(matrix, x, y);
      if (found.length <= MOST_TEXTS && sx > 0 && sy > 0 && sx < this.width && sy < this.height) found.push([text, sx, sy]);
    }
    for (const place of cell.places) {
      if (found.length > MOST_TEXTS || !this.boxes[place.cell].texts) continue;
      eachPlace(place, (move) => this.collectTexts(place.cell, product(matrix, move), found));
    }
  }

  showBar() {
    const um = this.data.dbu_um / this.view.scale, most = BAR_PX * um, decade = 10 ** Math.floor(Math.log10(most));
    const length = [5, 2, 1].map((n) => n * decade).find((n) => n <= most * 1.0001);
    const bar = this.figure.querySelector(".bar");
    bar.style.width = `${length / um}px`;
    bar.textContent = length < 0.9995 ? `${Number((1000 * length).toPrecision(3))} nm` : `${Number(length.toPrecision(3))} µm`;
  }

  showPlace(x, y) {
    const [ux, uy] = this.unit(x, y).map((u) => (u * this.data.dbu_um).toFixed(3));
    this.figure.querySelector(".place").textContent = `x ${ux}, y ${uy} µm`;
  }

  // Controls

  addLayers() {
    const list = this.figure.querySelector(".layers");
    for (const layer of this.data.layers) {
      const label = document.createElement("label"), box = document.createElement("input");
      box.type = "checkbox";
      box.checked = layer.shown;
      box.style.setProperty("--layer", layer.colour);
      box.addEventListener("change", () => { layer.shown = box.checked; this.drawAnew(); });
      label.append(box, layer.name);
      list.append(label);
    }
  }

  setLayers(shown) {
    this.figure.querySelectorAll(".layers input").forEach((box, k) => { this.data.layers[k].shown = box.checked = shown; });
    this.drawAnew();
  }

  addControls() {
    const does = { in: () => this.zoom(STEP), out: () => this.zoom(1 / STEP), fit: () => this.fit() };
    const doesToo = { all: () => this.setLayers(true), none: () => this.setLayers(false) };
    for (const [name, act] of Object.entries({ ...does, ...doesToo })) {
      this.figure.querySelector(`[data-do=${name}]`).addEventListener("click", act);
    }
    const on = (name, act) => this.canvas.addEventListener(name, act, { passive: false });
    on("wheel", (event) => this.wheel(event));
    on("dblclick", () => this.fit());
    on("keydown", (event) => this.key(event));
    on("pointerdown", (event) => this.press(event));
    on("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) on(name, (event) => this.pointers.delete(event.pointerId));
    on("pointerleave", () => { this.figure.querySelector(".place").textContent = ""; });
  }

  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 20 : 1;
    this.zoom(Math.exp(-Math.max(-200, Math.min(200, event.deltaY * lines)) / 400), event.offsetX, event.offsetY);
  }

  key(event) {
    const far = Math.min(this.width, this.height) / 8;
    const acts = {
      "+": () => this.zoom(STEP), "=": () => this.zoom(STEP), "-": () => this.zoom(1 / STEP),
      "0": () => this.fit(), f: () => this.fit(),
      ArrowLeft: () => this.pan(far, 0), ArrowRight: () => this.pan(-far, 0),
      ArrowUp: () => this.pan(0, far), ArrowDown: () => this.pan(0, -far),
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    this.showPlace(event.offsetX, event.offsetY);
  }

  drag(event) {
    this.showPlace(event.offsetX, event.offsetY);
    const before = this.pointers.get(event.pointerId), now = [event.offsetX, event.offsetY];
    if (!before) return;
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    if (!other) return this.pan(now[0] - before[0], now[1] - before[1]);
    const middle = (point) => [(point[0] + other[0]) / 2, (point[1] + other[1]) / 2];
    const apart = (point) => Math.max(Math.hypot(point[0] - other[0], point[1] - other[1]), 1);
    const [from, to] = [middle(before), middle(now)];
    this.pan(to[0] - from[0], to[1] - from[1]);
    this.zoom(apart(now) / apart(before), ...to);
  }
}

// Matrices are [xx, xy, yx, yy, x, y] as a canvas has them: (x, y) goes to (xx x + yx y + x0, xy x + yy y + y0).

function moved([a, b, c, d, e, f], x, y) {
  return [a * x + c * y + e, b * x + d * y + f];
}

function product([a, b, c, d, e, f], [g, h, i, j, k, l]) {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

function eachPlace(place, act) {
  const [xx, yx, xy, yy] = place.matrix, [x, y] = place.at;
  const [na, nb, ax, ay, bx, by] = place.array || [1, 1, 0, 0, 0, 0];
  for (let a = 0; a < na; a++) {
    for (let b = 0; b < nb; b++) act([xx, xy, yx, yy, x + a * ax + b * bx, y + a * ay + b * by]);
  }
}

function cornersOf([left, bottom, right, top]) {
  return [left, bottom, right, bottom, right, top, left, top];
}

function boundsOf(contour) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < contour.length; k += 2) {
    box[0] = Math.min(box[0], contour[k]), box[2] = Math.max(box[2], contour[k]);
    box[1] = Math.min(box[1], contour[k + 1]), box[3] = Math.max(box[3], contour[k + 1]);
  }
  return box;
}

function boxOnScreen([a, b, c, d, e, f], [left, bottom, right, top]) {
  return [
    e + Math.min(a * left, a * right) + Math.min(c * bottom, c * top),
    f + Math.min(b * left, b * right) + Math.min(d * bottom, d * top),
    e + Math.max(a * left, a * right) + Math.max(c * bottom, c * top),
    f + Math.max(b * left, b * right) + Math.max(d * bottom, d * top),
  ];
}

function joined(one, two) {
  return one ? [Math.min(one[0], two[0]), Math.min(one[1], two[1]), Math.max(one[2], two[2]), Math.max(one[3], two[3])] : two;
}

// The box of every cell by layer, those that it places included; `texts` says whether there is text in it.
function cellBoxes(data) {
  const found = [];
  for (const cell of data.cells) {
    const boxes = { texts: cell.texts.length > 0 };
    for (const [layer, shapes] of Object.entries(cell.shapes)) {
      for (let k = 0; k < shapes.boxes.length; k += 4) boxes[layer] = joined(boxes[layer], shapes.boxes.slice(k, k + 4));
      for (const contours of shapes.polygons) boxes[layer] = joined(boxes[layer], boundsOf(contours[0]));
    }
    for (const place of cell.places) {
      const { texts, ...inside } = found[place.cell];
      boxes.texts ||= texts;
      for (const [layer, box] of Object.entries(inside)) {
        eachEnd(place, (move) => { boxes[layer] = joined(boxes[layer], boxOnScreen(move, box)); });
      }
    }
    found.push(boxes);
  }
  return found;
}

// As eachPlace for the four ends of an array, between which all others lie.
function eachEnd(place, act) {
  const [na, nb, ax, ay, bx, by] = place.array || [1, 1, 0, 0, 0, 0];
  eachPlace({ ...place, array: [2, 2, ax * (na - 1), ay * (na - 1), bx * (nb - 1), by * (nb - 1)] }, act);
}

// A layer's pattern as the fill of a canvas; null for an outline.
function stipple(pen, layer) {
  if (!layer.pattern.length) return null;
  const tile = document.createElement("canvas");
  tile.width = layer.pattern[0].length;
  tile.height = layer.pattern.length;
  const dots = tile.getContext("2d");
  dots.fillStyle = layer.colour;
  layer.pattern.forEach((row, y) => [...row].forEach((dot, x) => { if (dot === "*") dots.fillRect(x, y, 1, 1); }));
  return pen.createPattern(tile, "repeat");
}

function copyOf(canvas) {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext("2d").drawImage(canvas, 0, 0);
  return copy;
}

for (const figure of document.querySelectorAll(".viewer")) figure.layoutViewer = new LayoutViewer(figure);

// What a page is, as data: evaluated by the debugger in the page; the page itself has no script.
(() => {
  const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const light = (c) => {
    const part = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches && matchMedia('screen').matches ? [18, 18, 18] : [255, 255, 255];
  };
  const ownText = (e) => [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join('');
  const elements = [...document.querySelectorAll('*')];
  const shown = (e) => e.checkVisibility() && e.getBoundingClientRect().width > 0;
  const texts = elements.filter((e) => !e.closest('head') && ownText(e) && !['title', 'desc'].includes(e.localName) && shown(e))
    .map((e) => {
      const style = getComputedStyle(e);
      const front = light(rgb(e instanceof SVGElement ? style.fill : style.color));
      const back = light(behind(e));
      return { text: ownText(e).slice(0, 60), contrast: (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05) };
    });
  // Words of a chart: each inside its picture, none on another. A pixel is within the rounding of fonts.
  const words = (svg) => [...svg.querySelectorAll('text')].map((t) => ({ text: t.textContent, box: t.getBBox() }));
  const outside = (svg) => words(svg).filter(({ box }) => box.x < 0 || box.y < 0
    || box.x + box.width > svg.viewBox.baseVal.width || box.y + box.height > svg.viewBox.baseVal.height);
  const meet = (a, b) => Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1
    && Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 1;
  const overlapping = (svg) => words(svg).flatMap((a, i, all) => all.slice(i + 1).filter((b) => meet(a.box, b.box))
    .map((b) => a.text + ' / ' + b.text));
  const svgs = [...document.querySelectorAll('svg')];
  // What a reader must scroll sideways for, and whether the first column stays where it is meanwhile.
  const beyond = (e) => !shown(e) || e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5 || e.getBoundingClientRect().left < -0.5;
  const scrolled = [...document.querySelectorAll('.wide')].filter((e) => e.scrollWidth > e.clientWidth).map((e) => {
    e.scrollLeft = 80;
    const moved = e.querySelector('tbody th').getBoundingClientRect().left - e.getBoundingClientRect().left;
    const by = e.scrollLeft;
    e.scrollLeft = 0;
    return { name: e.getAttribute('aria-label'), by, moved, shadow: getComputedStyle(e).backgroundImage !== 'none' };
  });
  return {
    outside: svgs.flatMap(outside).map((w) => w.text),
    overlapping: svgs.flatMap(overlapping),
    beyond: [...document.querySelectorAll('.against tbody th, .against td')].filter(beyond).map((e) => e.textContent),
    scrolled,
    skeleton: elements.map((e) => e.localName + '[' + [...e.attributes].map((a) => a.name).join(' ') + ']').join('\n'),
    tags: [...new Set(elements.map((e) => e.localName))].sort(),
    attributes: [...new Set(elements.flatMap((e) => [...e.attributes].map((a) => a.name)))].sort(),
    links: elements.flatMap((e) => ['href', 'src', 'xlink:href', 'action', 'data'].map((n) => e.getAttribute(n)).filter(Boolean)),
    width: document.scrollingElement.scrollWidth,
    charts: [...document.querySelectorAll('svg')].map((e) => e.getBoundingClientRect()).map((b) => ({ width: b.width, height: b.height })),
    lowestContrast: texts.sort((a, b) => a.contrast - b.contrast).slice(0, 3),
    verdict: texts.find((t) => t.text === document.querySelector('.word').textContent.trim()) || null,
    text: document.body.innerText,
  };
})()

// The signing page: what the widget says decides only where to go next. What is true comes by webhook.
const widget = document.querySelector('mandate-signing');
if (widget) {
  const leave = () => location.assign(widget.dataset.then);
  widget.addEventListener('success', leave);
  widget.addEventListener('declined', leave);
  widget.addEventListener('exit', leave);
  widget.addEventListener('error', ({ detail }) => {
    const fault = document.getElementById('widget-fault');
    fault.querySelector('code').textContent = detail.code;
    fault.hidden = false;
    fault.scrollIntoView({ block: 'center' });
  });
}

// The status page: shown anew when a webhook has changed something.
const status = document.querySelector('[data-follow]');
if (status) {
  const { follow, version, patience } = status.dataset;
  let rounds = patience === 'long' ? 400 : 20;
  const look = async () => {
    if (document.visibilityState === 'visible') {
      const answer = await fetch(follow).catch(() => undefined);
      if (answer?.ok && String((await answer.json()).version) !== version) return location.reload();
    }
    if (--rounds > 0) setTimeout(look, 1500);
  };
  setTimeout(look, 1000);
}

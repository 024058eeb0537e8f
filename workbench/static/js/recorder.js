// Records a voice in the page and puts it in the field for a file, so that the form sends it as any other recording.
// Without a microphone, or where a browser cannot record, the field is all there is.
(() => {
  const LONGEST = 10 * 60; // seconds; at this rate half of what a recording may be
  const RATE = 64000;

  const follow = (box) => {
    const texts = box.dataset;
    const field = document.getElementById(texts.recorder);
    const start = box.querySelector("[data-start]");
    const stop = box.querySelector("[data-stop]");
    const state = box.querySelector("[data-state]");
    const clock = box.querySelector("[data-clock]");
    let seconds = 0;
    let ticking = 0;
    let recorder = null;

    const offer = (button, other) => {
      button.parentElement.hidden = false;
      other.parentElement.hidden = true;
    };

    const length = () => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

    const tick = () => {
      seconds += 1;
      clock.textContent = length();
      if (seconds >= LONGEST) {
        recorder.stop();
      }
    };

    const kept = (parts) => {
      clearInterval(ticking);
      recorder.stream.getTracks().forEach((track) => track.stop());
      const made = new DataTransfer();
      made.items.add(new File(parts, "opname", { type: recorder.mimeType }));
      field.files = made.files;
      clock.textContent = "";
      state.textContent = texts.done.replace("{time}", length());
      offer(start, stop);
      start.textContent = texts.again;
      start.focus();
    };

    start.addEventListener("click", async () => {
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch {
        state.textContent = texts.refused;
        return;
      }
      const parts = [];
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: RATE });
      recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
      recorder.addEventListener("stop", () => kept(parts));
      recorder.start();
      seconds = 0;
      clock.textContent = length();
      ticking = setInterval(tick, 1000);
      state.textContent = texts.busy;
      offer(stop, start);
      stop.focus();
    });

    stop.addEventListener("click", () => recorder.stop());
    // Who sends while still talking, sends what was said until then.
    field.form.addEventListener("submit", (event) => {
      if (recorder?.state === "recording") {
        event.preventDefault();
        recorder.addEventListener("stop", () => field.form.requestSubmit());
        recorder.stop();
      }
    });
    box.hidden = false;
  };

  if (navigator.mediaDevices?.getUserMedia && window.MediaRecorder && window.DataTransfer) {
    document.querySelectorAll("[data-recorder]").forEach(follow);
  }
})();

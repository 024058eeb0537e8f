"""The monitor in a meeting: on the screen, on the phones, and two readers who look at one goal before it."""

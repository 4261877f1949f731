"""Input: what people type, send or import becomes parsed values, or says at the field what is wrong."""

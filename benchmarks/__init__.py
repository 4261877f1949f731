"""How quick Tradewind is: beside the same answers by plain SQL, and as the company grows."""

"""Message tracking logs that recorded traffic would have left on two Exchange servers."""

"""What customers see on a brand site: catalogue, booking, order status."""

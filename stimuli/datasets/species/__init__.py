"""Ten invented butterfly species, drawn by this project on habitats of their own."""

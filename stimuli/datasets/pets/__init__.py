"""Oxford-IIIT Pet: 37 breeds of cats and dogs with masks, read as torchvision keeps it."""

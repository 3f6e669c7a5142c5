"""From a photo to the crop that is classified and shown, and the pictures drawn of it."""

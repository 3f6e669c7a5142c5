"""The offline stage: from a labelled data set to a bundle of stimuli."""

/** The weight decay of AdamW, if none is given: PyTorch's. */
export const ADAMW_WEIGHT_DECAY = 0.01;

/** The momentum of gradient descent, if none is given: the usual one. */
export const SGD_MOMENTUM = 0.9;

include "roofline.pyx"

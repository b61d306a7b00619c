"""Words of degree that checks, fixes and voters share: "nearly all" and "enough to tell" mean the same everywhere."""

NEARLY_ALL = 0.95  # Fisher (1925), Statistical Methods for Research Workers: all but one in twenty
SELDOM = 0.05  # the same one in twenty
RARELY = 0.01  # Fisher (1925), too: one in a hundred
ALMOST_ALL = 0.9  # unproven: lower takes a habit for a rule, higher lets a few slips hide one
MOST = 0.8  # unproven: lower takes mixed columns for one thing, higher lets dirt hide what they are
A_TENTH = 0.1  # definition: what ALMOST_ALL leaves
A_FEW = 0.2  # definition: what MOST leaves
FULL_CELL = 5  # Cochran (1954), Some methods for strengthening the common chi-square tests: expected in a cell
SAMPLE = 20  # the same: four cells of five, so that quartiles and two-by-two tables are full
LARGE_SAMPLE = 30  # Hogg, Tanis & Zimmerman, Probability and Statistical Inference: means of so many are nearly normal
SMALL_SAMPLE = 10  # unproven: fewer may be alike by chance, more leaves small tables unlooked at
SHAPE_SAMPLE = 50  # unproven: fewer have no usual spread, and correlate by chance
MIXED_SAMPLE = 100  # unproven: fewer may be of one kind by chance
MANY_LEVELS = 20  # unproven: different values from which a scale is a measurement, and labels are no classes
REPEATEDLY = 3  # unproven: once is a slip, twice may be chance

# What type checkers and editors see: the names that __init__.py looks up when they are used.
from karat.cli.label_errors import errors as errors
from karat.cli.python import aggregate as aggregate
from karat.label.next_to_label import next_items as next_items
from karat.label.rules import rule as rule
from karat.label.wrong_labels import noise as noise

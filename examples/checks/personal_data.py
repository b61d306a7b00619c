"""Mail addresses, telephone and card numbers in a column of remarks. The report shows them masked."""

import pandas as pd

import karat

remarks = [f"please call back about order {at} in the morning" for at in range(100)]
remarks[10] = "my address is jane.doe@example.org, please write"
remarks[55] = "card 4111 1111 1111 1111 was refused"
data = pd.DataFrame({"remark": remarks})
found = karat.assess(data, only=["PersonalData"])

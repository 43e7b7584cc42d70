"""Jobs between acceptance and money: disruptions, escalations, extra work, and how it is paid."""

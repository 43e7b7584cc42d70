"""What tax offices and accountants are told: seller data, yearly reports (DAC7), DATEV. Public schema.

Main verbs: enter_seller_data, ask_next and take_step (asking, two reminders, block), make_reports. Main reads:
`due`, `missing`, `reports_of`. Partners' roles see none of its tables. Friends are named by their id.
"""

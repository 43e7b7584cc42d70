"""A reminder of an open invoice may have a fee."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_month_of_a_partner'),
    ]

    operations = [
        migrations.AlterField(
            model_name='transaction',
            name='event',
            field=models.CharField(choices=[('card_paid', 'Paid by card'), ('invoice_paid', 'Invoice paid'), ('cash_paid', 'Paid in cash'), ('cash_rounded_down', 'Cash rounded down'), ('cash_rounded_up', 'Cash rounded up'), ('fee_charged', 'Payment fee charged'), ('job_done', 'Job done'), ('commission_taken', 'Commission'), ('overflow_shared', 'Share of a job passed on'), ('diagnosis_earned', 'Diagnosis'), ('diagnosis_by_partner', 'Diagnosis paid by the partner'), ('paid_by_partner', 'Taken over by the partner'), ('partner_paid_in', 'Paid in by the partner'), ('partner_paid_out', 'Paid out to the partner'), ('cancellation_fee', 'Cancellation fee'), ('no_show_fee', 'Fee for an absence'), ('work_taken_back', 'Work taken back'), ('guarantee_granted', 'Taken over by the guarantee'), ('refund_paid', 'Refund'), ('cash_netted', 'Cash offset'), ('cash_handed_in', 'Cash transferred'), ('payout_transferred', 'Payout by transfer'), ('payout_ordered', 'Payout by bank file'), ('payout_confirmed', 'Payout confirmed by the bank'), ('payout_refused', 'Payout refused by the bank'), ('payout_returned', 'Payout returned'), ('provider_paid_out', 'Transfer to the bank account'), ('tip_paid', 'Tip'), ('voucher_sold', 'Voucher sold'), ('voucher_given', 'Voucher given away'), ('voucher_redeemed', 'Voucher redeemed'), ('bonus_earned', 'Bonus'), ('dispute_opened', 'Dispute opened'), ('dispute_won', 'Dispute won'), ('dispute_lost', 'Dispute lost'), ('reminder_fee', 'Fee for a reminder'), ('written_off', 'Written off'), ('write_off_recovered', 'Paid after write-off'), ('reversal', 'Reversal')], max_length=40),
        ),
    ]

"""What became of messages: callbacks of providers, and mails that came back."""

from bihuan.delivery.receipts.events import Receipt
from bihuan.delivery.receipts.mail_events import mailgun_receipts, postmark_receipts, sendgrid_receipts
from bihuan.delivery.receipts.mailbox import Mailbox
from bihuan.delivery.receipts.returned import returned_receipts
from bihuan.delivery.receipts.ses import ses_receipts, sns_message
from bihuan.delivery.receipts.sms import aliyun_receipts, tencent_receipts, twilio_receipts

__all__ = [
    "Mailbox",
    "Receipt",
    "aliyun_receipts",
    "mailgun_receipts",
    "postmark_receipts",
    "returned_receipts",
    "sendgrid_receipts",
    "ses_receipts",
    "sns_message",
    "tencent_receipts",
    "twilio_receipts",
]

using System.Globalization;
using Smxp.Mail.Smtp.Replies;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Submission;

/// <summary>What people who sign in are told.</summary>
internal static class SubmissionReplies
{
    private const int MostNamed = 5;

    public static SmtpReply TooManyRecipients { get; } = new(452, "4.5.3", "Too many recipients, send the rest in another mail");

    public static SmtpReply NotYourAddress(IReadOnlyList<Address> allowed)
    {
        string others = string.Join(", ", allowed.Skip(1).Take(MostNamed)), more = allowed.Count > MostNamed + 1 ? " and others" : "";
        return new(550, "5.7.1", others.Length == 0
            ? $"You may send as {allowed[0]}, and as no other"
            : $"You may send as {allowed[0]}, and for those who let you: {others}{more}");
    }

    public static SmtpReply TooLarge(long most) => new(552, "5.3.4", string.Create(CultureInfo.InvariantCulture, $"Your mails may have up to {most} bytes"));

    public static SmtpReply TooManyInAnHour(int most, DateTimeOffset again) =>
        new(450, "4.7.1", string.Create(CultureInfo.InvariantCulture, $"You may send to {most} recipients in an hour; try again at {again:HH:mm} UTC"));
}

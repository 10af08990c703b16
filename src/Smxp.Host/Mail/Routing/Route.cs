using Smxp.Protocol;

namespace Smxp.Host.Mail.Routing;

/// <summary>A route in use.</summary>
internal sealed record Route(string Pattern, Address Target)
{
    /// <summary>Whether the pattern fits the whole local part; <c>*</c> stands for any run of characters, an empty one too.</summary>
    public bool Matches(string local)
    {
        int at = 0, position = 0, star = -1, resume = 0;
        while (position < local.Length)
        {
            if (at < Pattern.Length && Pattern[at] == '*')
            {
                star = at++;
                resume = position;
            }
            else if (at < Pattern.Length && Pattern[at] == local[position])
            {
                at++;
                position++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                position = ++resume;
            }
            else
            {
                return false;
            }
        }

        return Pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }
}
